// The checks of scripts/validate-cluster. They use only the public contract, with the official SignalR client.
import { createRequire } from "node:module";

const signalr = createRequire(new URL("../Polls.Web/package.json", import.meta.url))("@microsoft/signalr");
const { HttpTransportType, HubConnectionBuilder, LogLevel } = signalr;

const [given, ...options] = process.argv.slice(2);
const wanted = options[0] === "--instances" ? Number(options[1]) : options.length === 0 ? 1 : NaN;
if (!URL.canParse(given ?? "") || !(wanted >= 1)) {
  console.error("usage: scripts/validate-cluster URL [--instances N]");
  process.exit(2);
}
const base = new URL(given);
let failed = 0;
let passed = 0;

const coloured = process.stdout.isTTY && !process.env.NO_COLOR;
const inColour = (text, colour) => coloured ? `\x1b[${colour}m${text}\x1b[0m` : text;

/** Runs one check. Shows its result; an exception makes it fail. */
async function check(name, body) {
  try {
    const detail = await within(60_000, body());
    passed++;
    console.log(`${inColour("PASS", 32)}  ${name}${detail ? `: ${detail}` : ""}`);
  } catch (error) {
    failed++;
    console.log(`${inColour("FAIL", 31)}  ${name}: ${error.cause?.message ?? error.message}`);
  }
}

function within(milliseconds, work) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds / 1000} s`)), milliseconds);
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}

function expect(condition, message) {
  if (!condition) throw new Error(message);
}

/**
 * Repeats work that the server could not do at the moment, as the contract asks: the same request, up to five times,
 * each a little later. Every refusal is shown, because a healthy cluster has none.
 */
async function patiently(work, isTemporary) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === 5 || !isTemporary(error)) throw error;
      console.log(`${inColour("AGAIN", 33)} ${error.message}`);
      await new Promise(resolve => setTimeout(resolve, (500 + 500 * Math.random()) * attempt));
    }
  }
}

async function askOnce(method, path, { token, body, status = [200, 201] }) {
  const answer = await fetch(new URL(path, base), {
    method,
    redirect: "manual",
    signal: AbortSignal.timeout(20_000),
    headers: { ...(token && { authorization: `Bearer ${token}` }), ...(body && { "content-type": "application/json" }) },
    body: body && JSON.stringify(body),
  });
  const text = await answer.text();
  if (![status].flat().includes(answer.status)) {
    const error = new Error(`${method} ${path} answered ${answer.status}: ${text.slice(0, 200)}`);
    throw Object.assign(error, { status: answer.status });
  }
  return text;
}

const ask = (method, path, request = {}) =>
  patiently(() => askOnce(method, path, request), error => error.status === 503 && path.startsWith("/api/"));

const json = async (...request) => JSON.parse(await ask(...request));

/** A hub connection that keeps the newest state and tally. */
async function connect(token, transport, skipNegotiation = false) {
  const hub = new HubConnectionBuilder()
    .withUrl(new URL("/hubs/room", base).href, { accessTokenFactory: () => token, transport, skipNegotiation })
    .configureLogging(LogLevel.None)
    .build();
  const client = { hub, voters: -1 };
  const first = new Promise((resolve, reject) => {
    hub.on("RoomState", state => {
      client.state = state;
      client.voters = Math.max(client.voters, state.polls[0]?.tally?.voters ?? -1);
      resolve(state);
    });
    hub.onclose(error => reject(error ?? new Error("the connection was closed")));
  });
  first.catch(() => {});
  hub.on("TallyChanged", tally => { client.voters = Math.max(client.voters, tally.voters); });
  for (const event of ["PollChanged", "PresenceChanged", "RoomClosed"]) hub.on(event, () => {});
  await within(20_000, hub.start());
  await within(20_000, first);
  return client;
}

async function until(condition, what) {
  for (const end = Date.now() + 20_000; !condition(); await new Promise(resolve => setTimeout(resolve, 50))) {
    expect(Date.now() < end, `time-out while waiting until ${what}`);
  }
}

/** The health report of every instance. Asks until no new instance answers. */
async function instances() {
  const found = new Map();
  for (let quiet = 0; quiet < 20; quiet++) {
    const report = await json("GET", "/health");
    if (!found.has(report.instanceId)) quiet = 0;
    found.set(report.instanceId, report);
  }
  return found;
}

console.log(`Checking ${base.origin}`);
await check("healthy", async () => {
  const report = await json("GET", "/health");
  expect(report.status === "healthy", `status is ${report.status}: ${JSON.stringify(report)}`);
  return `version ${report.version}`;
});

for (const many of [5, 50]) {
  await check(`${many} requests at once`, async () => {
    await Promise.all(Array.from({ length: many }, () => ask("GET", "/health/ready")));
  });
}

await check("response time", async () => {
  const times = [];
  for (let i = 0; i < 50; i++) {
    const began = performance.now();
    await ask("GET", "/health/live");
    times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  const [median, slow] = [times[25], times[47]].map(time => time.toFixed(1));
  expect(times[47] <= 500, `p95 is ${slow} ms, more than 500`);
  return `p50 ${median} ms, p95 ${slow} ms`;
});

let seen = new Map();
await check("instances", async () => {
  seen = await instances();
  expect(seen.size >= wanted, `${seen.size} seen, ${wanted} wanted: ${[...seen.keys()].join(", ")}`);
  return [...seen.keys()].sort().join(", ");
});

await check("metrics are not public", async () => {
  for (const path of ["/metrics", "/metrics/"]) await ask("GET", path, { status: [401, 403, 404] });
});

let room;
let poll;
await check("a room and a poll", async () => {
  room = await json("POST", "/api/rooms", {
    body: { title: "Cluster check", polls: [{ question: "Does it work?", kind: "singleChoice", options: ["Yes", "No"] }] },
  });
  const state = await json("GET", `/api/rooms/${room.code}/state`, { token: room.hostToken });
  poll = state.polls[0].id;
  await json("POST", `/api/rooms/${room.code}/polls/${poll}/open`, { token: room.hostToken });
  expect(new URL(room.joinUrl).origin === base.origin, `the join link leads to ${room.joinUrl}`);
  return room.joinUrl;
});

const join = () => json("POST", `/api/rooms/${room.code}/participants`, { body: {} });
let voters = 0;
for (const [name, transport, skip] of [
  ["WebSocket", HttpTransportType.WebSockets, true],
  ["WebSocket, negotiated", HttpTransportType.WebSockets, false],
  ["server-sent events", HttpTransportType.ServerSentEvents, false],
  ["long polling", HttpTransportType.LongPolling, false],
]) {
  await check(`a vote by ${name}`, async () => {
    const { token } = await join();
    const client = await connect(token, transport, skip);
    try {
      // The same vote with the same revision counts once, however often it is sent.
      const receipt = await patiently(
        () => within(20_000, client.hub.invoke("CastVote", poll, { choices: [0], revision: 1 })),
        error => /\b(unavailable|busy): /.test(error.message));
      voters++;
      await until(() => client.voters >= voters, "the voter sees the vote counted");
      return `tally version ${receipt.tallyVersion}`;
    } finally {
      await client.hub.stop();
    }
  });
}

await check("a vote is seen on every instance", async () => {
  const { token } = await json("POST", `/api/rooms/${room.code}/screens`, { token: room.hostToken });
  const before = await instances();
  const screens = await Promise.all(Array.from({ length: 4 * before.size }, () => connect(token, HttpTransportType.WebSockets, true)));
  try {
    const now = await instances();
    const reached = [...now.values()].filter(report => report.connections > (before.get(report.instanceId)?.connections ?? 0));
    expect(reached.length === now.size, `the screens reached only ${reached.map(report => report.instanceId).join(", ") || "nobody"}`);
    const { token: voter } = await join();
    await json("PUT", `/api/rooms/${room.code}/polls/${poll}/vote`, { token: voter, body: { choices: [1], revision: 1 } });
    voters++;
    await until(() => screens.every(screen => screen.voters === voters), `all screens show ${voters} voters`);
    return `${screens.length} screens on ${reached.length} instances show ${voters} voters`;
  } finally {
    await Promise.all(screens.map(screen => screen.hub.stop()));
  }
});

if (room) {
  await check("the room ends", async () => { await ask("POST", `/api/rooms/${room.code}/close`, { token: room.hostToken, status: [200, 204] }); });
}

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
