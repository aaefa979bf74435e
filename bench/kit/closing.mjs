// What a bench starts, it ends: in the opposite order, also after a failure or Ctrl-C, and at the very
// least when this process exits.
const open = new Set();

/** @returns a function that closes this one early. `abandon` must not wait. */
export function closeAtEnd(close, abandon = () => undefined) {
  const entry = { close, abandon };
  open.add(entry);
  return async () => {
    if (open.delete(entry)) await close();
  };
}

export async function closeAll() {
  for (const entry of [...open].reverse()) {
    try {
      await entry.close();
    } catch (error) {
      process.stderr.write(`  while closing: ${String(error)}\n`);
    }
    open.delete(entry);
  }
}

process.on('exit', () => {
  for (const { abandon } of [...open].reverse()) abandon();
});
