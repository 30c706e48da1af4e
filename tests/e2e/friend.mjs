// A friend on another library than ours: @xmpp/client. Commands come as JSON lines on stdin, what happens goes out as JSON lines.
// Started by tests/helpers/friend.py, which gives host, port, domain, user, password and the folder of node_modules.
import { createInterface } from "node:readline";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [host, port, domain, username, password, modules] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${modules}/`));
const { client, xml } = await import(pathToFileURL(require.resolve("@xmpp/client")).href);

const say = (event) => process.stdout.write(JSON.stringify(event) + "\n");
const STATES = "http://jabber.org/protocol/chatstates";
const MARKERS = "urn:xmpp:chat-markers:0";
const state = (stanza) => stanza.children.find((child) => child.attrs?.xmlns === STATES)?.name;
const xmpp = client({ service: `xmpp://${host}:${port}`, domain, username, password, resource: "friend" });
xmpp.reconnect.stop();
xmpp.timeout = 20_000; // milliseconds; its two seconds are short on a busy machine
// Its stream management acknowledges more than it was sent, and Prosody then ends the stream: do without.
xmpp.prependListener("element", (element) => {
  if (element.name === "stream:features") element.children = element.children.filter((child) => child.name !== "sm");
});

xmpp.on("error", (error) => say({ event: "error", text: String(error) }));
xmpp.on("stanza", (stanza) => {
  const from = stanza.attrs.from ?? "";
  if (!stanza.is("presence")) say({ event: "stanza", from, xml: stanza.toString() });
  if (stanza.is("message")) {
    const body = stanza.getChildText("body");
    const receipt = stanza.getChild("received", "urn:xmpp:receipts");
    const read = stanza.getChild("displayed", MARKERS);
    if (stanza.attrs.type === "error") say({ event: "message-error", from, id: stanza.attrs.id });
    else if (body !== null) say({ event: "message", from, body, id: stanza.attrs.id });
    else if (state(stanza)) say({ event: "state", from, state: state(stanza) });
    else if (read) say({ event: "displayed", from, id: read.attrs.id });
    else if (receipt) say({ event: "receipt", from, id: receipt.attrs.id });
    if (body !== null && stanza.getChild("request", "urn:xmpp:receipts")) {
      const received = xml("received", { xmlns: "urn:xmpp:receipts", id: stanza.attrs.id });
      xmpp.send(xml("message", { to: from, type: "chat", id: `r-${stanza.attrs.id}` }, received));
    }
  } else if (stanza.is("presence")) {
    say({ event: "presence", from, type: stanza.attrs.type ?? "available", show: stanza.getChildText("show") ?? "" });
  }
});

xmpp.iqCallee.get("jabber:iq:version", "query", () =>
  xml("query", { xmlns: "jabber:iq:version" }, xml("name", {}, "Scripted"), xml("version", {}, "7")));

const commands = {
  message: ({ to, body, id, receipt, markable }) =>
    xmpp.send(
      xml("message", { to, type: "chat", id }, xml("body", {}, body),
        receipt ? xml("request", { xmlns: "urn:xmpp:receipts" }) : undefined,
        markable ? xml("markable", { xmlns: MARKERS }) : undefined),
    ),
  raw: ({ text }) => xmpp.write(text),
  state: ({ to, state }) => xmpp.send(xml("message", { to, type: "chat" }, xml(state, { xmlns: STATES }))),
  presence: ({ to, type, show, status }) =>
    xmpp.send(
      xml("presence", { to, type }, show ? xml("show", {}, show) : undefined,
        status ? xml("status", {}, status) : undefined),
    ),
  stop: async () => {
    await xmpp.stop();
    process.exit(0);
  },
};

createInterface({ input: process.stdin }).on("line", (line) => {
  const command = JSON.parse(line);
  Promise.resolve(commands[command.command](command)).catch((error) => say({ event: "error", text: String(error) }));
}).on("close", () => process.exit(0));

xmpp.on("online", async (address) => {
  // Only who asked for the roster is told of subscriptions (RFC 6121 section 2.2).
  await xmpp.iqCaller.request(xml("iq", { type: "get" }, xml("query", { xmlns: "jabber:iq:roster" })));
  await xmpp.send(xml("presence"));
  say({ event: "online", address: address.toString() });
});
await xmpp.start();
