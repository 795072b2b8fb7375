// Peer (a): a common stack, set up as in its documentation: express, socket.io with its Redis adapter, pg.
// One statement per vote (upsert and tally, so one round trip and one commit), then the new tally is sent to everyone in the room.
// No tokens and no checks, which is in its favour. All settings are defaults, except that long polling is off.
import { createServer } from "node:http";
import { createAdapter } from "@socket.io/redis-adapter";
import express from "express";
import pg from "pg";
import { createClient } from "redis";
import { Server } from "socket.io";

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
const publisher = createClient({ url: process.env.REDIS_URL });
const subscriber = publisher.duplicate();
await Promise.all([publisher.connect(), subscriber.connect()]);

const app = express();
app.get("/health", (_, response) => response.send("ok"));
const server = createServer(app);
const io = new Server(server, { adapter: createAdapter(publisher, subscriber), transports: ["websocket"] });

io.on("connection", socket => {
  const { room, voter } = socket.handshake.auth;
  socket.join(room);
  socket.emit("state", { room });
  socket.on("vote", async ({ poll, choice, revision }, answer) => {
    try {
      const { rows: [tally] } = await pool.query({ name: "cast", text: process.env.CAST_SQL, values: [poll, voter, revision, choice] });
      const version = Number(tally.version);
      answer({ poll, revision, version });
      io.to(room).emit("tally", { poll, version, counts: tally.counts, voters: tally.voters });
    } catch (error) {
      answer({ error: error.message });
    }
  });
});

server.listen(Number(process.env.PORT), "127.0.0.1");
