/** Of what is no page, where its route says nothing else: a worker's script is ruled by its own. */
const FILE_HEADERS = [
  { key: 'Content-Security-Policy', value: "default-src 'none'; script-src 'self'; frame-ancestors 'none'" },
  { key: 'Cross-Origin-Resource-Policy', value: 'same-origin' },
  { key: 'Referrer-Policy', value: 'no-referrer' },
  { key: 'X-Content-Type-Options', value: 'nosniff' },
];

/** @type {import('next').NextConfig} */
export default {
  // A component that cannot be compiled would be drawn with each key and each word, and nobody would know.
  reactCompiler: { panicThreshold: 'all_errors' },
  poweredByHeader: false,
  // `npm run dev` at the address that the server prints.
  allowedDevOrigins: ['127.0.0.1'],
  // TypeScript 7 checks the whole project in under a second as a step of its own (`npm run types`).
  typescript: { ignoreBuildErrors: true },
  // One page for every chat, whose name stands in the URL: the browser goes from one to another without a new page.
  rewrites: async () => [{ source: '/chat/:chatId', destination: '/' }],
  // Written at build time, without a nonce, for the case that nothing else can be shown: nobody's to visit.
  redirects: async () => [{ source: '/_global-error', destination: '/', permanent: false }],
  // The pages and the routes of the API say what they need themselves.
  headers: async () => [
    { source: '/:folder(_next/static|api)/:path*', headers: FILE_HEADERS },
    { source: '/icon.svg', headers: FILE_HEADERS },
    // Next does not compress what has its type from a route alone.
    { source: '/diagram/(.*).mjs', headers: [{ key: 'Content-Type', value: 'text/javascript; charset=utf-8' }] },
  ],
  // What draws diagrams is written out when the application is built.
  outputFileTracingExcludes: { '/diagram/**': ['./node_modules/mermaid/**'] },
  // The demo's answers are read from disk; a serverless bundle would otherwise leave them behind.
  outputFileTracingIncludes: { '/api/chat': ['./lib/demo/answers/**'] },
};
