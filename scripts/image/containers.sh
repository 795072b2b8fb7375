# shellcheck shell=bash disable=SC2154,SC2034
# Configures podman and buildah for a machine without a Docker engine, without systemd and with low limits. All their data is in
# $cache; the machine's own containers are not touched. To be sourced by verify-image; expects $cache.

configure_containers() {
  local files
  files=$(ulimit -Hn)
  [ "$files" != unlimited ] || files=65536
  open_files=$files
  cat > "$cache/storage.conf" << END
[storage]
driver = "overlay"
graphroot = "$cache/store"
runroot = "$cache/run"
END
  cat > "$cache/containers.conf" << END
[containers]
default_ulimits = ["nofile=$files:$files", "nproc=$files:$files"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
tmp_dir = "$cache/libpod"
[network]
network_backend = "netavark"
network_config_dir = "$cache/networks"
END
  export CONTAINERS_STORAGE_CONF=$cache/storage.conf CONTAINERS_CONF=$cache/containers.conf STORAGE_DRIVER=overlay BUILDAH_ISOLATION=chroot
  # Podman runs health checks as systemd timers. There is no systemd here, so check_health runs them.
  export DISABLE_HC_SYSTEMD=true
}

# Podman's Docker API, for docker-compose.
start_engine() {
  export DOCKER_HOST=unix://$work/engine.sock COMPOSE_PROJECT_NAME=$project COMPOSE_HTTP_TIMEOUT=300
  podman system service -t 0 "$DOCKER_HOST" > "$work/engine.log" 2>&1 &
  engine=$!
  wait_for "podman's service" curl -fsS --unix-socket "$work/engine.sock" http://engine/_ping
  check_health &
  checker=$!
}

# Runs the health check of every container every few seconds; compose reads the results.
check_health() {
  local container
  while :; do
    for container in $(podman ps -q --filter "name=^$project"); do
      podman healthcheck run "$container" > /dev/null 2>&1 || true
    done
    sleep 2
  done
}

# Stops the processes that this script started, by id, and deletes the containers and their data; the images stay.
stop_engine() {
  local container
  [ -z "${checker:-}" ] || kill "$checker" 2> /dev/null || true
  for container in $(podman ps -aq --filter "name=^$project"); do podman rm -f -t 5 -v "$container" > /dev/null 2>&1 || true; done
  podman volume ls -q --filter "name=^$project" | xargs -r podman volume rm -f > /dev/null 2>&1 || true
  podman network ls -q --filter "name=^$project" | xargs -r podman network rm -f > /dev/null 2>&1 || true
  [ -z "${engine:-}" ] || kill "$engine" 2> /dev/null || true
  wait 2> /dev/null || true
}
