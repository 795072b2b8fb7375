# shellcheck shell=bash disable=SC2154,SC2034
# Runs the unchanged docker-compose.yml with its three instances on podman, and the image alone with compose's PostgreSQL and
# Redis. To be sourced by verify-image.

compose() { docker-compose --project-directory "$root" -f "$root/docker-compose.yml" -f "$work/podman.yml" --env-file "$work/env" "$@"; }
container_of() { podman ps -q --filter "name=^${project}_$1_" "${@:2}"; }
address_of() { podman inspect "$1" --format "{{(index .NetworkSettings.Networks \"${project}_$2\").IPAddress}}"; }
healthy() { [ "$(podman inspect "$1" --format '{{.State.Healthcheck.Status}}')" = healthy ]; }

write_env() {
  local name
  # Podman reports a network option that compose did not set, and compose would then see a change. If one limit is set, podman
  # also raises the process limit beyond what such a machine allows.
  cat > "$work/podman.yml" << END
services:
  api: {ulimits: {nproc: $open_files}}
  nginx: {ulimits: {nproc: $open_files}}
networks:
  edge: {ipam: {options: {driver: host-local}}}
  watch: {ipam: {options: {driver: host-local}}}
END
  port=$(free_port)
  cp "$root/.env.example" "$work/env"
  for name in POSTGRES_PASSWORD POSTGRES_OWNER_PASSWORD POSTGRES_APP_PASSWORD REDIS_PASSWORD GRAFANA_PASSWORD; do
    sed -i "s/^$name=.*/$name=$(od -An -N 16 -tx1 /dev/urandom | tr -d ' \n')/" "$work/env"
  done
  sed -i "s|^POLLS_PUBLIC_URL=.*|POLLS_PUBLIC_URL=http://127.0.0.1:$port|; s/^POLLS_LISTEN=.*/POLLS_LISTEN=127.0.0.1:$port/
    s/^POLLS_TAG=.*/POLLS_TAG=verify/; s/^POLLS_OPEN_FILES=.*/POLLS_OPEN_FILES=$open_files/" "$work/env"
}

# Below the kernel's ephemeral ports.
free_port() {
  local candidate
  while candidate=$((20000 + RANDOM % 10000)); do
    (exec 3<> "/dev/tcp/127.0.0.1/$candidate") 2> /dev/null || { echo $candidate; return; }
  done
}

refuses_without() {
  sed "s/^$1=.*/$1=/" "$work/env" > "$work/env.short"
  local said
  ! said=$(docker-compose --project-directory "$root" -f "$root/docker-compose.yml" --env-file "$work/env.short" config -q 2>&1) \
    && grep -q "set it in .env" <<< "$said"
}

# The image alone, with fewer rights than in compose: no capability, writes only to /tmp. It creates the tables as the superuser
# "polls", as earlier versions of docker-compose.yml did.
run_alone() {
  local POSTGRES_PASSWORD REDIS_PASSWORD
  # shellcheck source=/dev/null
  . <(grep PASSWORD= "$work/env")
  alone=$(podman run -d --name "${project}_alone_1" --network "${project}_data" --read-only --tmpfs /tmp --cap-drop ALL \
    --security-opt no-new-privileges --memory 512m --pids-limit 200 \
    -e "ConnectionStrings__Polls=Host=postgres;Database=polls;Username=polls;Password=$POSTGRES_PASSWORD;GSS Encryption Mode=Disable" \
    -e "ConnectionStrings__Redis=redis:6379,password=$REDIS_PASSWORD,abortConnect=false" "$tag")
  wait_for "the image to be ready" podman exec "$alone" dotnet Polls.Api.dll health
}

has_no_rights() {
  local status
  status=$(podman exec "$alone" cat /proc/1/status)
  [[ $status =~ Uid:[[:space:]]+([0-9]+) && ${BASH_REMATCH[1]} -ne 0 ]] || { echo "It is root."; return 1; }
  [ "$(grep -c '^Cap[A-Z][a-z]*:[[:space:]]*0*$' <<< "$status")" -eq 5 ] || { grep ^Cap <<< "$status"; return 1; }
  [[ $status =~ NoNewPrivs:[[:space:]]+1 ]]
  ! podman exec "$alone" touch /app/x /home/x 2> /dev/null
}

tells_its_build() {
  local report open
  report=$(curl -sS "http://$(address_of "$alone" data):9464/health")
  open=$(curl -sS "http://$(address_of "$alone" data):8080/health")
  is "$(jq -r '"\(.version) \(.commit) \(.database.pool)"' <<< "$open")" "9.8.7 null null"
  is "$(jq -r '"\(.status) \(.version) \(.commit) \(.builtAt)"' <<< "$report")" "healthy 9.8.7 $commit $built_at"
}

stops_cleanly() {
  local started=$SECONDS
  podman stop -t 60 "$1" > /dev/null
  [ $((SECONDS - started)) -le 30 ] || { echo "It took $((SECONDS - started)) s."; return 1; }
  is "$(podman inspect "$1" --format '{{.State.ExitCode}}')" 0
}

all_healthy() {
  local one all
  all=$(container_of "$1")
  [ "$(wc -w <<< "$all")" -eq "$2" ]
  for one in $all; do healthy "$one" || return 1; done
}

# answering NUMBER: as many instances have answered through nginx. Each answer is of a connection of its own.
answering() {
  for _ in $(seq 60); do curl -fsS "http://127.0.0.1:$port/health" | jq -r .instanceId; done | sort -u > "$work/seen"
  is "$(wc -l < "$work/seen")" "$1"
}

published() {
  podman ps --filter "name=^$project" --format '{{.Names}} {{.Ports}}' | awk '$2 != "" { print $1 }'
}

unreachable() { is "$(curl -s -o "$work/answer" -w '%{http_code}' "$1")" 404 && ! grep -q '^# TYPE' "$work/answer"; }

scraped() {
  local prometheus
  prometheus=http://$(address_of "$(container_of prometheus)" watch):9090
  [ "$(curl -fsS "$prometheus/api/v1/query" --data-urlencode 'query=sum(up{job="polls"})' | jq -r '.data.result[0].value[1]')" = "$1" ]
}

# What the instances said tells why a check failed; info lines would hide it.
validated() {
  local one
  "$root/scripts/validate-cluster" "http://127.0.0.1:$port" --instances 3 && return
  for one in $(container_of api); do podman logs "$one" 2>&1 | grep -vi '"LogLevel":"Information"' | tail -n 10 | cut -c 1-600; done
  return 1
}

# Every rule was evaluated, so prometheus.yml finds all files.
ruled() {
  local prometheus
  prometheus=http://$(address_of "$(container_of prometheus)" watch):9090
  curl -fsS "$prometheus/api/v1/rules" | jq -e '[.data.groups[].rules[].health] | length > 0 and all(. == "ok")' > /dev/null
}

backup() { compose exec -T postgres /scripts/backup - > "$1" < /dev/null; }
restore() { compose exec -T postgres /scripts/restore - < "$1" | grep '^Restored: [1-9][0-9]* rooms, [1-9]'; }
backed_up() { backup "$work/polls.dump" && restore "$work/polls.dump"; }

# sql STATEMENT: as the superuser. as_app STATEMENT: as the role of the instances, over the network and with its password.
sql() { podman exec "$(container_of postgres)" psql -XqtAc "$1"; }
as_app() {
  local server
  server=$(container_of postgres)
  PGPASSWORD=$(sed -n 's/^POSTGRES_APP_PASSWORD=//p' "$work/env") podman exec -e PGPASSWORD "$server" \
    psql -h "$(address_of "$server" data)" -U polls_app -XqtAc "$1"
}
denied() { ! as_app "$1" > "$work/denied" 2>&1 && grep -E 'permission denied|must be owner' "$work/denied"; }

# The three services that prepare the database have ended without an error.
prepared() {
  local one
  for one in roles migrate grants; do
    [ "$(podman inspect "${project}_${one}_1" --format '{{.State.Status}} {{.State.ExitCode}}')" = "exited 0" ] \
      || { podman logs "${project}_${one}_1" 2>&1 | tail -n 10; return 1; }
  done
}

owned_by_one() {
  is "$(sql "SELECT string_agg(DISTINCT pg_get_userbyid(owner), ',') FROM (
    SELECT datdba FROM pg_database WHERE datname = 'polls'
    UNION ALL SELECT relowner FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT proowner FROM pg_proc WHERE pronamespace = 'public'::regnamespace) AS objects (owner)")" polls_owner
}

instances_are_restricted() {
  is "$(sql "SELECT string_agg(DISTINCT usename, ',') FROM pg_stat_activity WHERE datname = 'polls' AND pid <> pg_backend_pid()")" polls_app
  is "$(as_app "SELECT current_user, rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls FROM pg_roles WHERE rolname = current_user")" "polls_app|f"
  denied "CREATE TABLE extra (x integer)"
  denied "ALTER TABLE votes ADD COLUMN x integer"
  # Only the run after the migration takes this right away.
  denied "DELETE FROM audit"
}

# Prepares the database again with another password of polls_owner, which migrate then uses.
changes_password() {
  sed -i "s/^POSTGRES_OWNER_PASSWORD=.*/&x/" "$work/env"
  compose up -d --no-build grants
  wait_for "the services" prepared
}

prepares_empty_volume() {
  compose up -d --no-build grants
  wait_for "the services" prepared
  is "$(as_app "SELECT count(*) FROM rooms")" 0
  denied "DELETE FROM audit"
  owned_by_one
}

verify_compose() {
  echo "Compose"
  write_env
  check "docker-compose.yml is valid" docker-compose --project-directory "$root" -f "$root/docker-compose.yml" --env-file "$work/env" config -q
  local name
  for name in POSTGRES_PASSWORD POSTGRES_OWNER_PASSWORD POSTGRES_APP_PASSWORD REDIS_PASSWORD GRAFANA_PASSWORD POLLS_PUBLIC_URL; do
    check "It does not start without $name" refuses_without "$name"
  done
  start_engine
  check "PostgreSQL and Redis start" compose up -d postgres redis
  check "PostgreSQL is healthy" wait_for PostgreSQL all_healthy postgres 1
  check "Redis is healthy" wait_for Redis all_healthy redis 1

  echo "Image alone"
  run_alone || { podman logs "$alone" | tail -n 20; failed=$((failed + 1)); echo "FAIL It becomes ready"; return; }
  check "It runs read-only, without capabilities and not as root" has_no_rights
  check "Only the management port shows commit and build time" tells_its_build
  check "People vote through it" vote "http://$(address_of "$alone" data):8080"
  check "SIGTERM stops it within 30 s, with exit code 0" stops_cleanly "$alone"
  podman rm -v "$alone" > /dev/null
  check "A backup is written while one role owns the tables" backup "$work/earlier.dump"

  echo "Compose, without Grafana, which has no stand-in"
  check "It starts" compose up -d --no-build nginx prometheus
  [ -n "$(container_of nginx)" ] || return 0
  check "Three instances are healthy" wait_for "the instances" all_healthy api 3
  check "nginx is healthy" wait_for nginx all_healthy nginx 1
  check "Prometheus is healthy" wait_for Prometheus all_healthy prometheus 1
  check "roles, migrate and grants have ended without an error" prepared
  check "polls_owner owns the tables of the earlier version" owned_by_one
  check "The role of the instances is no superuser and changes no table" instances_are_restricted
  check "Only nginx is published" is "$(published)" "${project}_nginx_1"
  check "All three instances answer through nginx" wait_for "three instances" answering 3
  check "People vote through nginx" vote "http://127.0.0.1:$port"
  check "scripts/validate-cluster passes" validated
  check "Metrics are not public" unreachable "http://127.0.0.1:$port/metrics"
  check "Prometheus scrapes all three" wait_for "three scrapes" scraped 3
  check "Prometheus evaluates the rules" wait_for "the rules" ruled
  check "A backup is written and restored while it runs" backed_up
  check "People vote after the restore" wait_for "votes" vote "http://127.0.0.1:$port"
  check "The backup from before there were two roles is restored" restore "$work/earlier.dump"
  check "People vote after that restore" wait_for "votes" vote "http://127.0.0.1:$port"
  check "Owner and rights are the same as before" owned_by_one
  check "The role of the instances is as restricted as before" instances_are_restricted
  check "A changed password takes effect" changes_password
  check "A fourth instance starts" compose up -d --no-build --no-recreate --scale api=4 api
  check "The fourth gets requests without a restart of nginx" wait_for "four instances" answering 4
  check "It stops" compose down -v -t 30
  check "An empty volume gets roles and tables" prepares_empty_volume
  check "It stops again" compose down -v -t 30
}
