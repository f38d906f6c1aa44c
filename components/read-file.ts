import { createContext, use, useEffect, useState } from 'react';
import type { FileBox } from '@/lib/browser/file-box';

/** Reads what is in an attachment. */
export const ReadFile = createContext<FileBox['read']>(async () => null);

/** The address of what is in an attachment, for this page alone; null where it is not there, undefined until that is known. */
export function useFileUrl(id: string): string | null | undefined {
  const read = use(ReadFile);
  const [url, setUrl] = useState<string | null>();
  useEffect(() => {
    let made: string | null = null;
    let isOver = false;
    void read(id).then((blob) => {
      if (isOver) return;
      made = blob && URL.createObjectURL(blob);
      setUrl(made);
    });
    return () => {
      isOver = true;
      if (made) URL.revokeObjectURL(made);
    };
  }, [id, read]);
  return url;
}
