# shellcheck shell=bash disable=SC2154,SC2034
# The base images of the Dockerfile and docker-compose.yml: pulled if a registry can be reached, otherwise built from Debian's
# packages and this machine's .NET and Node.js, under the same names. To be sourced by verify-image.
# Expects $cache and the configuration of containers.sh.

aspnet=mcr.microsoft.com/dotnet/aspnet:10.0
sdk=mcr.microsoft.com/dotnet/sdk:10.0
node=docker.io/library/node:22-bookworm-slim
postgres=docker.io/library/postgres:17
redis=docker.io/library/redis:7.4
nginx=docker.io/library/nginx:1.28
prometheus=docker.io/prom/prometheus:v3.5.0

# ensure_images: provides all of them except Grafana, which has no Debian package.
ensure_images() {
  local image missing=()
  for image in "$aspnet" "$sdk" "$node" "$postgres" "$redis" "$nginx" "$prometheus"; do
    podman image exists "$image" && continue
    timeout 300 podman pull -q "$image" > "$cache/pull.log" 2>&1 || missing+=("$image")
  done
  if [ ${#missing[@]} -gt 0 ]; then
    echo "No registry to pull from ($(tail -n 1 "$cache/pull.log" | tail -c 120)): building stand-ins, kept in $cache."
    make_rootfs
    [[ " ${missing[*]} " != *" $aspnet "* && " ${missing[*]} " != *" $sdk "* ]] || make_dotnet
    [[ " ${missing[*]} " != *" $node "* ]] || make_node
    make_servers "${missing[@]}"
  fi
  for image in "$aspnet" "$sdk" "$node" "$postgres" "$redis" "$nginx" "$prometheus"; do
    if is_stand_in "$image"; then echo "  stand-in $image ($(label "$image" polls.standin))"; fi
  done
}

label() { podman image inspect "$1" --format "{{index .Labels \"$2\"}}"; }
is_stand_in() { [ -n "$(label "$1" polls.standin)" ]; }

# Plain Debian as a base image, so that all stand-ins share that layer.
make_rootfs() {
  podman image exists localhost/polls-debian && return
  rm -rf "$cache/rootfs"
  logged debootstrap --variant=minbase --include=ca-certificates,libicu72,libssl3,tzdata bookworm "$cache/rootfs"
  container=$(buildah from scratch)
  buildah add -q "$container" "$cache/rootfs" / > /dev/null
  keep localhost/polls-debian
  rm -rf "$cache/rootfs"
}

make_dotnet() {
  local from version
  from=$(dirname -- "$(readlink -f -- "$(command -v dotnet)")")
  version="Debian 12 with this machine's .NET $(dotnet --version)"
  container=$(buildah from localhost/polls-debian)
  inside "groupadd -g 1654 app && useradd -u 1654 -g 1654 -m app && ln -s /usr/share/dotnet/dotnet /usr/bin/dotnet"
  buildah config --env APP_UID=1654 --env ASPNETCORE_HTTP_PORTS=8080 --env DOTNET_RUNNING_IN_CONTAINER=true "$container"
  buildah add -q "$container" "$from/dotnet" /usr/share/dotnet/ > /dev/null
  buildah add -q "$container" "$from/host" /usr/share/dotnet/host > /dev/null
  buildah add -q "$container" "$from/shared" /usr/share/dotnet/shared > /dev/null
  keep "$aspnet" "$version"
  container=$(buildah from "$aspnet")
  buildah add -q "$container" "$from" /usr/share/dotnet > /dev/null
  trusting
  keep "$sdk" "$version"
}

make_node() {
  container=$(buildah from localhost/polls-debian)
  if [ -d /usr/lib/node_modules/npm ]; then
    buildah add -q "$container" "$(readlink -f -- "$(command -v node)")" /usr/bin/ > /dev/null
    buildah add -q "$container" /usr/lib/node_modules/npm /usr/lib/node_modules/npm > /dev/null
    inside "apt-get update -q && apt-get install -y -q --no-install-recommends libstdc++6 && ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/bin/npm"
  else
    inside "apt-get update -q && apt-get install -y -q --no-install-recommends nodejs npm"
  fi
  trusting
  keep "$node" "Debian 12 with Node.js $(node --version)"
}

# make_servers NAME...: one image under all missing names; only the start commands differ.
make_servers() {
  container=$(buildah from localhost/polls-debian)
  inside "echo 'exit 101' > /usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d && apt-get update -q \
    && apt-get install -y -q --no-install-recommends postgresql redis-server nginx-light curl prometheus \
    && useradd -r -M nginx && install -d -o redis -g redis /data && install -d -o nobody /prometheus \
    && install -d -o postgres /var/lib/postgresql/data && ln -s /usr/lib/postgresql/15/bin/* /usr/local/bin/"
  buildah add -q --chmod 755 "$container" "$root/scripts/image/postgres-entrypoint" /usr/local/bin/ > /dev/null
  keep localhost/polls-servers

  local image
  for image; do
    case $image in
      "$postgres") server --entrypoint '["postgres-entrypoint"]' --env PGDATA=/var/lib/postgresql/data --stop-signal SIGINT ;;
      "$prometheus") server --entrypoint '["prometheus"]' ;;
      "$nginx") server --stop-signal SIGQUIT ;;
      "$redis") server --workingdir /data ;;
      *) continue ;;
    esac
    keep "$image" "Debian 12's package"
  done
}

server() {
  container=$(buildah from localhost/polls-servers)
  buildah config "$@" "$container"
}

inside() { logged buildah run --isolation chroot --network host --env DEBIAN_FRONTEND=noninteractive "$container" -- sh -c "$1"; }

# Builds download packages. If a proxy's own authority signs that traffic, they must trust it.
trusting() {
  buildah config --env SSL_CERT_DIR=/etc/ssl/certs --env NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt \
    --env NUGET_CERT_REVOCATION_MODE="${NUGET_CERT_REVOCATION_MODE:-online}" "$container"
}

# keep NAME [WHAT]: commits the container as an image.
keep() {
  buildah config --label "polls.standin=${2:-}" "$container"
  buildah commit -q "$container" "$1" > /dev/null
  buildah rm "$container" > /dev/null
}
