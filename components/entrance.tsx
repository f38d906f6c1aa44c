'use client';

import { lazy, Suspense } from 'react';
import type { SignInProps } from './sign-in';

/** What asks people to sign in is no part of the page that most of them open. */
const SignIn = lazy(async () => ({ default: (await import('./sign-in')).SignIn }));

/** Stands in the place of the chat, at its address: what is there after the sign-in is where the person wanted to go. */
export function Entrance(props: SignInProps) {
  return (
    <Suspense>
      <SignIn {...props} />
    </Suspense>
  );
}
