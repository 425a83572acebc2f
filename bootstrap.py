"""Make .venv with everything the project needs; standard library only, safe to repeat and to interrupt.

`make demo` and `make test` call it first. It installs exactly what constraints.txt names, checked against the
hashes there, and the project itself in place, and leaves a mark so that the next call returns at once.
"""

import hashlib
import importlib.util
import pathlib
import platform
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent
VENV = ROOT / ".venv"
MARK = VENV / "ready"
SUPPORTED = {("Linux", "x86_64"), ("Linux", "aarch64"), ("Darwin", "arm64"), ("Darwin", "x86_64")}


def missing() -> list[str]:
    """Return every reason why this machine cannot be set up, each with what to do."""
    faults = []
    if sys.version_info < (3, 11):
        faults.append(
            f"Python 3.11 or newer is needed, this is {platform.python_version()}: set PYTHON=/path/to/python3.11"
        )
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            faults.append(f"the Python module '{module}' is missing: on Debian or Ubuntu, apt install python3-venv")
    machine = (platform.system(), platform.machine())
    if machine not in SUPPORTED:
        names = ", ".join(f"{system} {cpu}" for system, cpu in sorted(SUPPORTED))
        faults.append(f"no PostgreSQL comes for {machine[0]} {machine[1]} (there is one for: {names})")
    elif machine[0] == "Linux" and platform.libc_ver()[0] != "glibc":
        faults.append("this Linux does not use glibc, and the packaged PostgreSQL and solver need it")
    return faults


def wanted() -> str:
    """Return the fingerprint of what should be installed."""
    digest = hashlib.sha256(sys.version.encode())
    for name in ("constraints.txt", "pyproject.toml"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def run(*command: str | pathlib.Path) -> None:
    """Run one step; a step that fails ends the set-up with its own message."""
    if subprocess.run([str(part) for part in command], cwd=ROOT, check=False).returncode:
        sys.exit(
            f"Set-up stopped at: {' '.join(str(part) for part in command[1:4])} … (see above). Run the command again to go on."
        )


def install(fingerprint: str) -> None:
    """Create .venv and install into it; what an interrupted run left is used or replaced."""
    python = VENV / "bin" / "python"
    if not python.exists() or subprocess.run([python, "-c", "import pip"], check=False, capture_output=True).returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        run(sys.executable, "-m", "venv", VENV)
    print("Setting up .venv (once; about a minute) …", flush=True)
    pip = (python, "-m", "pip", "--disable-pip-version-check", "--quiet", "install")
    run(*pip, "--require-hashes", "-r", "constraints.txt")
    run(*pip, "--no-deps", "--no-build-isolation", "--editable", ".")
    MARK.write_text(fingerprint, encoding="utf-8")


def main() -> None:
    """Set up, or say everything that is missing and exit 3."""
    faults = missing()
    if faults:
        print("This machine cannot run GMP Hub yet:", *(f"  - {fault}" for fault in faults), sep="\n", file=sys.stderr)
        sys.exit(3)
    import fcntl  # only after the platform is known to have it

    try:
        with (ROOT / ".venv.lock").open("w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            fingerprint = wanted()
            if not (MARK.exists() and MARK.read_text(encoding="utf-8") == fingerprint):
                install(fingerprint)
    except PermissionError as error:
        print(f"The folder {ROOT} is not writable ({error.strerror}): clone to a folder of your own.", file=sys.stderr)
        sys.exit(3)
    except KeyboardInterrupt:
        print("Interrupted; run the command again to go on.", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    main()
