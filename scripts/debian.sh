# Sourced, not run: `need PACKAGE COMMAND-WORDS…` installs a Debian package where it may, and says plainly where it may not.

# Install the packages when root on Debian or Ubuntu; otherwise say the line to type, and fail.
need() {
    local why=$1
    shift
    if ! command -v apt-get >/dev/null; then
        echo "Baton needs $why, and this machine has no apt-get to install it with. On Debian and Ubuntu it is: $*" >&2
        return 1
    fi
    if [ "$(id -u)" != 0 ]; then
        echo "Baton needs $why. Please run: sudo apt-get install $*" >&2
        return 1
    fi
    echo "Installing $why ($*)" >&2
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } </dev/null >&2 || {
        echo "Installing $* failed. Please run: apt-get update && apt-get install $*" >&2
        return 1
    }
}
