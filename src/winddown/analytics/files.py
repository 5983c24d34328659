"""One table as Parquet and as CSV, written in batches so that a large one never stands in memory whole."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa


def write(folder: Path, name: str, schema: pa.Schema, batches: Iterable[Sequence[tuple[Any, ...]]]) -> int:
    """Rows as (folder)/parquet/(name).parquet and (folder)/csv/(name).csv; how many. Bytes are base64 in the CSV."""
    import pyarrow as pa  # slow import
    import pyarrow.csv as sheet  # slow import
    import pyarrow.parquet as parquet  # slow import

    plain = pa.schema([pa.field(each.name, pa.string()) if pa.types.is_binary(each.type) else each for each in schema])
    for kind in ("parquet", "csv"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    rows = 0
    with (
        parquet.ParquetWriter(folder / "parquet" / f"{name}.parquet", schema, compression="zstd") as first,
        sheet.CSVWriter(folder / "csv" / f"{name}.csv", plain) as second,
    ):
        for batch in batches:
            columns = list(zip(*batch, strict=True)) if batch else [()] * len(schema)
            first.write_table(pa.table([pa.array(each, field.type) for each, field in zip(columns, schema, strict=True)], schema=schema))
            told = [_text(each) if pa.types.is_binary(field.type) else each for each, field in zip(columns, schema, strict=True)]
            second.write_table(pa.table([pa.array(each, field.type) for each, field in zip(told, plain, strict=True)], schema=plain))
            rows += len(batch)
    return rows


def _text(column: Sequence[bytes | None]) -> list[str | None]:
    return [None if each is None else base64.b64encode(bytes(each)).decode() for each in column]
