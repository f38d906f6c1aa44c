import { createContext } from 'react';

/** Whether the answer around has come to its end, and was not cut: what is drawn of it then is all there is. */
export const AnswerIsWhole = createContext(false);
