/** @type {import('next').NextConfig} */
export default {
  reactCompiler: true,
  poweredByHeader: false,
  // `npm run dev` at the address that the server prints.
  allowedDevOrigins: ['127.0.0.1'],
  // TypeScript 7 checks the whole project in under a second as a step of its own (`npm run types`).
  typescript: { ignoreBuildErrors: true },
  // One page for every chat, whose name stands in the URL: the browser goes from one to another without a new page.
  rewrites: async () => [{ source: '/chat/:chatId', destination: '/' }],
  // The demo's answers are read from disk; a serverless bundle would otherwise leave them behind.
  outputFileTracingIncludes: { '/api/chat': ['./lib/demo/answers/**'] },
};
