import 'server-only';

/** The same response, whose body breaks when it grows larger than this. */
export function limitBody(response: Response, maxBytes: number): Response {
  let total = 0;
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      total += chunk.byteLength;
      if (total > maxBytes) throw new RangeError('the answer is too large');
      controller.enqueue(chunk);
    },
  });
  return new Response(response.body?.pipeThrough(counted) ?? null, response);
}
