import '@fontsource-variable/instrument-sans/wght.css';
import '@fontsource-variable/newsreader/wght.css';
import '@fontsource-variable/newsreader/wght-italic.css';
import type { Metadata, Viewport } from 'next';
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

export default function Layout({ children }: { readonly children: ReactNode }) {
  return (
    // The script below has changed it by the time that it is compared.
    <html lang="en" suppressHydrationWarning>
      <body>
        <FirstPaint />
        {children}
      </body>
    </html>
  );
}
