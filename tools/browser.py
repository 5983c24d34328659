"""See to it that the browser of the stories is there. As root on Debian it is installed; otherwise the words to do so are printed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

PACKAGES = ("chromium", "poppler-utils", "fonts-dejavu-core")


def main() -> int:
    if shutil.which("chromium") and shutil.which("pdftotext"):
        return 0
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.stderr.write(f"The browser stories need these Debian packages: apt-get install {' '.join(PACKAGES)}\n")
        return 1
    quiet = {"stdout": subprocess.DEVNULL, "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}}
    subprocess.run(["apt-get", "update", "-qq"], check=True, **quiet)
    subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES], check=True, **quiet)
    return 0


if __name__ == "__main__":
    sys.exit(main())
