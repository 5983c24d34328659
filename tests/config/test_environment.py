from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path

import pytest

from winddown.config.environment import read
from winddown.domain.refusals import Refusal


def refusal(environ: dict[str, str]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        read(environ)
    return caught.value


def test_an_empty_environment_is_production_on_this_machine_alone():
    environment = read({"PATH": "/usr/bin"})
    assert (environment.environment, environment.host, environment.port, environment.mllp_host, environment.mllp_port) == (
        "production",
        "127.0.0.1",
        8000,
        "127.0.0.1",
        2575,
    )
    assert environment.data == Path("data").absolute()
    assert environment.secret_file == Path("data").absolute() / "keys" / "secret"
    assert not environment.external


def test_an_unknown_setting_stops_with_its_name_and_the_nearest_known_one():
    stopped = refusal({"WINDDOWN_MLLP_PROT": "2575"})
    assert stopped.where == "WINDDOWN_MLLP_PROT"
    assert "WINDDOWN_MLLP_PROT" in stopped.because
    assert stopped.way_out.startswith("Did you mean WINDDOWN_MLLP_PORT?")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WINDDOWN_PORT", "eighty"),
        ("WINDDOWN_PORT", "65536"),
        ("WINDDOWN_ENVIRONMENT", "prod"),
        ("WINDDOWN_BEHIND_PROXY", "yes"),
        ("WINDDOWN_MLLP_ALLOW", "10.0.0.1, monitor-3"),
        ("WINDDOWN_MLLP_ALLOW", "10.0.0.1/24"),
        ("WINDDOWN_LANGUAGE", "de"),
        ("WINDDOWN_LOCK_AFTER_MIN", "0"),
        ("WINDDOWN_TLS_CERT", "/no/such/file.pem"),
    ],
)
def test_a_bad_value_stops_with_the_name_the_value_and_what_is_allowed(name, value):
    stopped = refusal({name: value})
    assert stopped.where == name
    assert stopped.because == f"{name} is {value!r}."
    assert stopped.way_out.startswith("Allowed: ")


@pytest.mark.parametrize("url", ["mysql://u:hunter2@db/x", "postgresql://u:hunter2@db:notaport/x", "postgresql://u:hunter2@db"])
def test_a_bad_database_address_is_never_printed_because_it_may_hold_a_password(url):
    stopped = refusal({"WINDDOWN_DATABASE_URL": url})
    assert "WINDDOWN_DATABASE_URL" in str(stopped)
    assert "hunter2" not in str(stopped)


def test_the_value_of_an_unknown_setting_is_not_printed_either():
    assert "hunter2" not in str(refusal({"WINDDOWN_DATABASE_PASSWORD": "hunter2"}))


def test_the_settings_show_themselves_without_a_password():
    url = "postgresql://u:hunter2@db/x"
    names = ("WINDDOWN_DATABASE_URL", "WINDDOWN_OWNER_DATABASE_URL", "WINDDOWN_DEVICE_DATABASE_URL", "WINDDOWN_ROLE_DATABASE_URL")
    environment = read(dict.fromkeys(names, url))
    assert environment.role_database_url == url
    assert "hunter2" not in repr(environment)


def test_an_empty_variable_counts_as_unset():
    assert read({"WINDDOWN_PORT": "", "WINDDOWN_DATABASE_URL": " "}) == read({})


def test_the_allow_list_of_the_listener_is_read_as_networks():
    environment = read({"WINDDOWN_MLLP_ALLOW": "10.1.2.3, 10.1.4.0/24,fd00::/8"})
    assert environment.mllp_allow == (ip_network("10.1.2.3/32"), ip_network("10.1.4.0/24"), ip_network("fd00::/8"))


def test_a_certificate_without_its_key_stops(tmp_path):
    certificate = tmp_path / "cert.pem"
    certificate.write_text("-")
    assert refusal({"WINDDOWN_TLS_CERT": str(certificate)}).because == "WINDDOWN_TLS_CERT is set without WINDDOWN_TLS_KEY."
    assert refusal({"WINDDOWN_MLLP_TLS_CLIENT_CA": str(certificate)}).where == "WINDDOWN_MLLP_TLS_CLIENT_CA"


def test_production_is_never_served_to_the_network_in_the_clear(tmp_path):
    stopped = refusal({"WINDDOWN_HOST": "0.0.0.0"})
    assert stopped.where == "WINDDOWN_HOST"
    certificate = tmp_path / "cert.pem"
    certificate.write_text("-")
    assert read({"WINDDOWN_HOST": "0.0.0.0", "WINDDOWN_TLS_CERT": str(certificate), "WINDDOWN_TLS_KEY": str(certificate)}).production
    assert read({"WINDDOWN_HOST": "0.0.0.0", "WINDDOWN_BEHIND_PROXY": "1"}).behind_proxy
    assert read({"WINDDOWN_HOST": "0.0.0.0", "WINDDOWN_ENVIRONMENT": "demo"}).host == "0.0.0.0"
