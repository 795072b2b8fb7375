# Shared by ./run and ./test: what they need on the machine, and the build. To be sourced by bash.
# Expects $root, the folder of the repository.

# Nothing may stay behind once we end, so no build servers either; the compiler's is ended with the build (below).
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

have_postgres() {
  compgen -G '/usr/lib/postgresql/*/bin/postgres' > /dev/null || { command -v initdb && command -v postgres; } > /dev/null
}

# Debian keeps servers where only root looks.
have() { PATH=$PATH:/usr/sbin command -v "$1" > /dev/null; }

# ensure_packages PART...: installs those of "postgres", "redis", "nginx", "node", "chromium", "fonts", "prometheus", "alertmanager", "faketime" and
# "containers"
# that are missing; touches nothing when none is.
ensure_packages() {
  local missing=() as_root=() part tool
  for part; do
    case $part in
      postgres)
        have_postgres || missing+=(postgresql)
        have psql || missing+=(postgresql-client)
        ;;
      redis) have redis-server || missing+=(redis-server) ;;
      nginx)
        have nginx || missing+=(nginx)
        have curl || missing+=(curl)
        ;;
      node)
        have node || missing+=(nodejs)
        have npm || missing+=(npm)
        ;;
      # A library: there is no command to look for.
      faketime) compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' > /dev/null || missing+=(libfaketime) ;;
      compose) have docker-compose || missing+=(docker-compose) ;;
      containers)
        for tool in buildah podman runc debootstrap iptables curl jq; do have "$tool" || missing+=("$tool"); done
        # Networks with names; these two are no commands of their own.
        [ -x /usr/lib/podman/netavark ] || missing+=(netavark)
        [ -x /usr/lib/podman/aardvark-dns ] || missing+=(aardvark-dns)
        ;;
      # Where Debian starts the services too, that does no harm: ours are on ports of their own.
      prometheus) { have prometheus && have promtool; } || missing+=(prometheus) ;;
      alertmanager) have amtool || missing+=(prometheus-alertmanager) ;;
      # The browser's part without windows: a quarter less work than the whole.
      chromium) have chromium-headless-shell || missing+=(chromium-headless-shell) ;;
      fonts)
        # Without a font of the script, text is boxes.
        have fc-list || missing+=(fontconfig)
        if ! have fc-list || [ -z "$(fc-list :lang=en family)" ] || [ -z "$(fc-list :lang=ar family)" ]; then missing+=(fonts-noto-core); fi
        ;;
    esac
  done
  if [ ${#missing[@]} -eq 0 ]; then return; fi

  have apt-get || fail "Missing: ${missing[*]} (as Debian calls them)." \
    "They are installed by themselves only on Debian and Ubuntu; please install them with this system's own tool."
  if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2> /dev/null || fail "Missing: ${missing[*]}. Installing them takes root:" \
      "  sudo apt-get install --no-install-recommends ${missing[*]}"
    as_root=(sudo -n)
  fi

  echo "Installing ${missing[*]} (once)."
  local log
  log=$(mktemp)
  # The lock's time-out: two first runs side by side, or the system's own nightly update.
  if ! {
    "${as_root[@]}" apt-get -o DPkg::Lock::Timeout=300 update -q \
      && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get -o DPkg::Lock::Timeout=300 install -y -q --no-install-recommends "${missing[@]}"
  } > "$log" 2>&1 < /dev/null; then
    cat "$log" >&2
    rm -f "$log"
    fail "Installing ${missing[*]} failed; the messages above say why."
  fi
  rm -f "$log"
}

# ensure_dotnet: the SDK that global.json asks for, and a home folder that it can write to.
ensure_dotnet() {
  local place
  if ! have dotnet; then
    for place in "${DOTNET_ROOT:-}" "${HOME:-}/.dotnet" /usr/share/dotnet /usr/lib/dotnet; do
      if [ -n "$place" ] && [ -x "$place/dotnet" ]; then
        PATH=$place:$PATH
        break
      fi
    done
  fi

  if [ -z "${HOME:-}" ] || [ ! -d "$HOME" ] || [ ! -w "$HOME" ]; then
    place=${DOTNET_CLI_HOME:-$root/.data/home}
    if ! mkdir -p "$place" 2> /dev/null || [ ! -w "$place" ]; then
      place=${TMPDIR:-/tmp}/polls-home-$(id -u)
      mkdir -m 700 "$place" 2> /dev/null || true
      [ -O "$place" ] || fail "'$place' belongs to someone else; set HOME to a folder that you can write to."
    fi
    export HOME=$place DOTNET_CLI_HOME=$place
  fi

  local wanted
  wanted=$(sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' "$root/global.json")
  if ! have dotnet || ! (cd "$root" && dotnet --version) > /dev/null 2>&1; then
    fail "The .NET SDK $wanted (or a later patch of it) is needed and was not found." \
      "Install it from https://dotnet.microsoft.com/download/dotnet/${wanted%.*} and run this again."
  fi
}

# build PATH [ARGUMENT...], within the repository: a quiet Release build; its output is shown only when it fails.
build() {
  local log building status=0
  [ -w "$root" ] || fail "'$root' cannot be written by $(id -un), so it cannot be built."
  # One build at a time on one tree. The lock goes with this shell; the build must not inherit it.
  exec 9< "$root"
  if ! flock -n 9; then
    echo "Another build of this folder is running: waiting for it."
    flock -w 900 9 || fail "The other build did not end."
  fi
  log=$(mktemp)
  # In a session of its own, so that whoever ends us while it builds ends all of it. One compiler for all projects, and nobody else's: each
  # of its own would compile itself and the analyzers first, every time.
  UseSharedCompilation=true setsid dotnet build "$root/$1" "${@:2}" -c Release -v quiet -nologo -p:SharedCompilationId="polls-$$" \
    > "$log" 2>&1 < /dev/null 9<&- &
  building=$!
  trap 'kill -TERM -- -$building 2> /dev/null || true; rm -f "$log"; exit 143' INT TERM HUP
  wait "$building" || status=$?
  # The compiler would wait for more.
  kill -TERM -- -"$building" 2> /dev/null || true
  trap - INT TERM HUP
  exec 9<&-
  if [ "$status" -ne 0 ]; then
    cat "$log" >&2
    rm -f "$log"
    fail "The build failed; the messages above say why."
  fi
  rm -f "$log"
}
