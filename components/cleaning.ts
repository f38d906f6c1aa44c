import { Lazy } from './lazy';

/** Makes what is copied fit for other programs. It comes with the renderer; until then what is copied is text alone. */
export const cleaning = new Lazy(() => import('./markdown'));
