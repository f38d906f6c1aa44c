import { PHASE_DEVELOPMENT_SERVER } from 'next/constants.js';

/** What a page may load, and who may show it, scripts and styles aside. An answer can ask no other server for anything. */
const policy = (isDevelopment) =>
  [
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "media-src 'self'",
    // Changes to the sources are told over a socket.
    `connect-src 'self'${isDevelopment ? ' ws:' : ''}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-src 'self'",
    "frame-ancestors 'self'",
  ].join('; ');

const headers = (isDevelopment) => [
  { key: 'Content-Security-Policy', value: policy(isDevelopment) },
  { key: 'Referrer-Policy', value: 'no-referrer' },
  { key: 'X-Content-Type-Options', value: 'nosniff' },
];

/** @type {(phase: string) => import('next').NextConfig} */
export default (phase) => ({
  reactCompiler: true,
  poweredByHeader: false,
  // `npm run dev` at the address that the server prints.
  allowedDevOrigins: ['127.0.0.1'],
  // TypeScript 7 checks the whole project in under a second as a step of its own (`npm run types`).
  typescript: { ignoreBuildErrors: true },
  // One page for every chat, whose name stands in the URL: the browser goes from one to another without a new page.
  rewrites: async () => [{ source: '/chat/:chatId', destination: '/' }],
  // The routes of the API say what they need themselves, and so do the pages for a picture and for diagrams, whose policies are others.
  headers: async () => [
    {
      source: '/((?!api/|picture$|diagram$|diagram/.*\\.mjs$).*)',
      headers: headers(phase === PHASE_DEVELOPMENT_SERVER),
    },
    // Next does not compress what has its type from a route alone.
    { source: '/diagram/(.*).mjs', headers: [{ key: 'Content-Type', value: 'text/javascript; charset=utf-8' }] },
  ],
  // What draws diagrams is written out when the application is built.
  outputFileTracingExcludes: { '/diagram/**': ['./node_modules/mermaid/**'] },
  // The demo's answers are read from disk; a serverless bundle would otherwise leave them behind.
  outputFileTracingIncludes: { '/api/chat': ['./lib/demo/answers/**'] },
});
