import { createContext } from 'react';
import type { ModelInfo } from '@/lib/protocol/models';

/** The models that answers can be had from, for all turns; `isSimulated`: nobody pays for what they say. */
export const Offer = createContext<{ readonly models: readonly ModelInfo[]; readonly isSimulated: boolean }>({
  models: [],
  isSimulated: true,
});
