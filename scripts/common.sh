# Shared by the scripts: packages of the machine, and the build. To be sourced by bash.
# Expects $root, the folder of the repository.

# Leave no process behind, and therefore no build servers; the compiler's ends with the build (below).
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

have_postgres() {
  compgen -G '/usr/lib/postgresql/*/bin/postgres' > /dev/null || { command -v initdb && command -v postgres; } > /dev/null
}

# Debian installs servers in a folder that is only in root's PATH.
have() { PATH=$PATH:/usr/sbin command -v "$1" > /dev/null; }

# ensure_packages PART...: installs the parts that are missing, of "icu", "postgres", "redis", "nginx", "node", "chromium", "fonts",
# "prometheus", "alertmanager", "pgbouncer", "compose", "faketime" and "containers". Changes nothing if none is missing.
ensure_packages() {
  local missing=() as_root=() part tool
  for part; do
    case $part in
      # A library, without a command to look for. Its package's name has its version in it; that of the headers has not.
      icu) compgen -G '/usr/lib*/*/libicuuc.so.*' > /dev/null || compgen -G '/usr/lib*/libicuuc.so.*' > /dev/null || missing+=(libicu-dev) ;;
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
      pgbouncer) have pgbouncer || missing+=(pgbouncer) ;;
      faketime) compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' > /dev/null || missing+=(libfaketime) ;;
      compose) have docker-compose || missing+=(docker-compose) ;;
      containers)
        for tool in buildah podman runc debootstrap iptables curl jq; do have "$tool" || missing+=("$tool"); done
        # For named networks; these two are not in PATH.
        [ -x /usr/lib/podman/netavark ] || missing+=(netavark)
        [ -x /usr/lib/podman/aardvark-dns ] || missing+=(aardvark-dns)
        ;;
      # If Debian starts the services as well, they do no harm: ours use their own ports.
      prometheus) { have prometheus && have promtool; } || missing+=(prometheus) ;;
      alertmanager) have amtool || missing+=(prometheus-alertmanager) ;;
      # The browser without windows: a quarter less CPU than the whole browser.
      chromium) have chromium-headless-shell || missing+=(chromium-headless-shell) ;;
      fonts)
        # Without a font for a script, its text is shown as boxes.
        have fc-list || missing+=(fontconfig)
        if ! have fc-list || [ -z "$(fc-list :lang=en family)" ] || [ -z "$(fc-list :lang=ar family)" ]; then missing+=(fonts-noto-core); fi
        ;;
    esac
  done
  if [ ${#missing[@]} -eq 0 ]; then return; fi

  have apt-get || fail "Missing: ${missing[*]} (Debian's names)." \
    "They are installed automatically only on Debian and Ubuntu; please install them with this system's own tool."
  if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2> /dev/null || fail "Missing: ${missing[*]}. Installing them needs root:" \
      "  sudo apt-get install --no-install-recommends ${missing[*]}"
    as_root=(sudo -n)
  fi

  echo "Installing ${missing[*]} (once)."
  local log
  log=$(mktemp)
  # The lock's time-out is for two first runs side by side, or the system's nightly update.
  if ! {
    "${as_root[@]}" apt-get -o DPkg::Lock::Timeout=300 update -q \
      && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get -o DPkg::Lock::Timeout=300 install -y -q --no-install-recommends "${missing[@]}"
  } > "$log" 2>&1 < /dev/null; then
    cat "$log" >&2
    rm -f "$log"
    fail "Installing ${missing[*]} failed; see the messages above."
  fi
  rm -f "$log"
}

# ensure_dotnet: checks the SDK that global.json requires and the library that compares texts, and provides a writable home folder.
ensure_dotnet() {
  ensure_packages icu
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
      [ -O "$place" ] || fail "'$place' belongs to another user; set HOME to a folder that you can write to."
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
  [ -w "$root" ] || fail "$(id -un) cannot write to '$root', so it cannot be built."
  # One build at a time per folder. The lock ends with this shell; the build must not inherit it.
  exec 9< "$root"
  if ! flock -n 9; then
    echo "Waiting for another build of this folder."
    flock -w 900 9 || fail "The other build did not end."
  fi
  log=$(mktemp)
  # In its own session, so that a signal during the build ends all of it. All projects share one compiler process of this build: separate
  # ones would each compile themselves and the analyzers first.
  UseSharedCompilation=true setsid dotnet build "$root/$1" "${@:2}" -c Release -v quiet -nologo -p:SharedCompilationId="polls-$$" \
    > "$log" 2>&1 < /dev/null 9<&- &
  building=$!
  trap 'kill -TERM -- -$building 2> /dev/null || true; rm -f "$log"; exit 143' INT TERM HUP
  wait "$building" || status=$?
  # End the compiler process, which would wait for more work.
  kill -TERM -- -"$building" 2> /dev/null || true
  trap - INT TERM HUP
  exec 9<&-
  if [ "$status" -ne 0 ]; then
    cat "$log" >&2
    rm -f "$log"
    fail "The build failed; see the messages above."
  fi
  rm -f "$log"
}
