import '@fontsource-variable/instrument-sans/wght.css';
import '@fontsource-variable/newsreader/wght.css';
import '@fontsource-variable/newsreader/wght-italic.css';
import type { Metadata, Viewport } from 'next';
import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { FirstPaint, THEME_COLOURS } from '@/components/first-paint';
import './globals.css';

export const metadata: Metadata = {
  title: 'Rivulet',
  description: 'A streaming chat for Claude that people can trust with an answer.',
  icons: { icon: '/icon.svg' },
};

export const viewport: Viewport = {
  themeColor: THEME_COLOURS,
};

export default async function Layout({ children }: { readonly children: ReactNode }) {
  // Asked for, so that no page is written before its request: each response has a nonce of its own.
  const nonce = (await headers()).get('x-rivulet-nonce') ?? undefined;
  return (
    // The script below has changed it by the time that it is compared.
    <html lang="en" suppressHydrationWarning>
      <body>
        <FirstPaint nonce={nonce} />
        {children}
      </body>
    </html>
  );
}
