/** What becomes of a page, as far as the page itself hears of it. */
export type PageListeners = {
  /** It is hidden, and may not be heard of again. */
  readonly onHide: () => void;
  /** It goes away: the last moment in which it is sure to run. */
  readonly onLeave: () => void;
  /** It is shown, also again after it went away. */
  readonly onShow: () => void;
};

/** Listens until the returned function is called. */
export function watchPage({ onHide, onLeave, onShow }: PageListeners): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  document.addEventListener('visibilitychange', onHide, { signal });
  addEventListener('pagehide', onLeave, { signal });
  addEventListener('pageshow', onShow, { signal });
  return () => listening.abort();
}
