// A phone with the SignalR client that people use, which votes until its standard input ends.
// usage: node keep-voting.mjs POLLS_WEB_FOLDER URL TOKEN POLL TRANSPORT
// One line per receipt, its revision; a vote that failed is sent again with the same revision.
import { createRequire } from "node:module";
import { join } from "node:path";

const [web, url, token, poll, transport] = process.argv.slice(2);
const { HttpTransportType, HubConnectionBuilder, LogLevel } = createRequire(join(web, "package.json"))("@microsoft/signalr");
const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

const hub = new HubConnectionBuilder()
  .withUrl(`${url}hubs/room`, { accessTokenFactory: () => token, transport: HttpTransportType[transport] })
  .configureLogging(LogLevel.None)
  .build();
for (const event of ["RoomState", "TallyChanged", "PollChanged", "PresenceChanged", "RoomClosed"]) hub.on(event, () => {});

let going = true;
process.stdin.on("end", () => { going = false; }).resume();
for (let revision = 1; going || hub.state !== "Connected"; ) {
  try {
    if (hub.state === "Disconnected") await hub.start();
    const receipt = await hub.invoke("CastVote", poll, { choices: [revision % 3], revision });
    console.log(receipt.revision);
    revision++;
    await pause(100);
  } catch {
    await pause(50 + Math.random() * 200);
  }
}
await hub.stop();
