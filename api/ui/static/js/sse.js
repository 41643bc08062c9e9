/** Server-sent events of a response (HTML standard, section 9.2.6), for requests that are POSTs. */

/**
 * Each event as {event, data}; comments are left out.
 * @param {ReadableStream<Uint8Array>} stream
 */
export async function* events(stream) {
  let message = begin();
  for await (const line of lines(stream)) {
    if (line !== "") take(message, line);
    else if (message.lines.length) yield { event: message.event, data: message.lines.join("\n") };
    if (line === "") message = begin();
  }
}

const begin = () => ({ event: "message", lines: [] });

function take(message, line) {
  const [, field, value] = /^([^:]*):? ?(.*)$/s.exec(line);
  if (field === "event") message.event = value;
  if (field === "data") message.lines.push(value);
}

async function* lines(stream) {
  let rest = "";
  for await (const text of texts(stream)) {
    const parts = (rest + text).split(/\r\n|\n|\r(?!$)/);
    rest = parts.pop();
    yield* parts;
  }
}

async function* texts(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (let step = await reader.read(); !step.done; step = await reader.read()) yield step.value;
  } finally {
    reader.releaseLock();
  }
}
