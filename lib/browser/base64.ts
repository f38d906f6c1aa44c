/** A multiple of three, so that pieces join, and few enough for the arguments of one call. */
const PIECE_BYTES = 3 * 8192;

/** The bytes as Base64 (RFC 4648, section 4), padded. */
export async function toBase64(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    pieces.push(btoa(String.fromCharCode(...bytes.subarray(at, at + PIECE_BYTES))));
  }
  return pieces.join('');
}
