'use client';

import { lazy, Suspense } from 'react';

/** What asks for the password is no part of the page that most people open. */
const SignIn = lazy(async () => ({ default: (await import('./sign-in')).SignIn }));

/** Stands in the place of the chat, at its address: what is there after the password is where the person wanted to go. */
export function Entrance() {
  return (
    <Suspense>
      <SignIn />
    </Suspense>
  );
}
