import type { StickToBottomState } from 'use-stick-to-bottom';

/** Something in the view and where it was, from the view's upper edge on. */
type Place = { readonly element: Element; readonly top: number };

/** What must not move: the innermost element that counts comes last, what it is part of before it. */
type Anchor = { readonly places: readonly Place[]; readonly scrollTop: number };

/** Less than this is rounding. */
const MOVED_PIXELS = 0.5;

/**
 * Holds a view in its place whatever happens to its content, after layout and before paint: at the end while it follows,
 * else what stands at the upper edge, or what was pressed last. Browsers with scroll anchoring do most of that themselves,
 * without breaking a scroll that is going on; they are left alone unless they did nothing. Safari has none. While only
 * what is below grows it costs one look at one element.
 */
export class SteadyView {
  readonly #view: HTMLElement;
  readonly #content: HTMLElement;
  readonly #follow: StickToBottomState;
  readonly #stopFollowing: () => void;
  readonly #hasAnchoring = CSS.supports('overflow-anchor', 'auto');
  #anchor: Anchor | null = null;
  /** Until the reader scrolls it counts more than what is at the edge. */
  #pressed: Element | null = null;
  /** Where the view was last while it followed. If it is above that and not at the end, its reader has scrolled. */
  #followedTo = 0;

  /** @param stopFollowing tells the library that the reader has left the end */
  constructor(view: HTMLElement, content: HTMLElement, follow: StickToBottomState, stopFollowing: () => void) {
    this.#view = view;
    this.#content = content;
    this.#follow = follow;
    this.#stopFollowing = stopFollowing;
  }

  start(): () => void {
    const view = this.#view;
    const observer = new ResizeObserver(() => this.#keep());
    const changes = new MutationObserver(() => this.#keep());
    const scrolled = () => this.#scrolled();
    const pressed = ({ target }: Event) => this.#hold(target instanceof Element ? target.closest('button') : null);
    observer.observe(this.#content);
    observer.observe(view);
    changes.observe(this.#content, { attributes: true, characterData: true, childList: true, subtree: true });
    view.addEventListener('scroll', scrolled, { passive: true });
    view.addEventListener('click', pressed, { capture: true });
    return () => {
      observer.disconnect();
      changes.disconnect();
      view.removeEventListener('scroll', scrolled);
      view.removeEventListener('click', pressed, { capture: true });
      this.#release();
    };
  }

  /** The reader goes elsewhere, or is about to. */
  leave(): void {
    this.#stopFollowing();
    if (this.#pressed) return;
    this.#letBrowserHold(true);
    this.#anchor = this.#anchorAtEdge();
  }

  #scrolled(): void {
    if (this.#follow.isAtBottom) {
      // The library would learn it a moment later, and not at all in a frame in which the content grows.
      if (this.#isScrolledUp()) this.leave();
      else this.#stay();
      return;
    }
    // By this class itself, or because what is below has become too short.
    const scrolled = this.#view.scrollTop - (this.#anchor?.scrollTop ?? Number.NaN);
    if (scrolled === 0 || this.#isClamped(scrolled)) return;
    this.#release();
    this.#steady();
  }

  /**
   * What folds may end above the reader, and the view is moved to that end as soon as anything asks for a place. Once the
   * content has grown again, in the same frame, that looks like a scroll of the reader's. So each change is looked at.
   */
  #keep(): void {
    const follow = this.#follow;
    if (follow.isAtBottom) {
      // The library comes a frame later, and takes a view that was moved to a nearer end for a reader who has left, unless it
      // is put there. Neither moves it under a mouse button that is down.
      const isBehind = follow.scrollDifference > 0 || follow.scrollTop < this.#followedTo;
      if (isBehind && !this.#view.matches(':active')) follow.scrollTop = follow.calculatedTargetScrollTop;
      this.#stay();
    } else this.#steady();
  }

  #isScrolledUp(): boolean {
    const { scrollTop, scrollDifference } = this.#follow;
    return scrollTop < this.#followedTo - MOVED_PIXELS && scrollDifference > 1;
  }

  #steady(): void {
    this.#followedTo = 0;
    this.#letBrowserHold(!this.#pressed);
    const shift = this.#shift();
    if (Math.abs(shift) >= MOVED_PIXELS) this.#view.scrollTop += shift;
    const isUntouched = shift === 0 && this.#anchor?.scrollTop === this.#view.scrollTop;
    if (!isUntouched) this.#anchor = this.#pressed ? this.#anchorAt(this.#pressed) : this.#anchorAtEdge();
  }

  /** By how much the anchor has moved without the reader's doing. */
  #shift(): number {
    // At the very beginning a reader wants to see what the thread begins with.
    if (!this.#anchor || (this.#view.scrollTop === 0 && !this.#pressed)) return 0;
    const { places, scrollTop } = this.#anchor;
    const place = places.findLast(({ element }) => element.getClientRects().length > 0);
    if (!place) return 0;
    const { top, bottom } = this.#boxOf(place.element);
    const moved = top - place.top;
    const scrolled = this.#view.scrollTop - scrollTop;
    const isClamped = this.#isClamped(scrolled);
    const isLeftAlone = this.#hasAnchoring && !this.#pressed && scrolled !== 0 && !isClamped;
    const shift = isLeftAlone ? 0 : this.#pressed || isClamped ? moved : moved + scrolled;
    // What was read is gone: the reader stays with what it was part of.
    return place !== places.at(-1) && bottom - shift <= 0 ? top : shift;
  }

  #isClamped(scrolled: number): boolean {
    return scrolled < 0 && this.#follow.scrollDifference <= 0;
  }

  #hold(pressed: Element | null): void {
    if (this.#follow.isAtBottom) return;
    this.#release();
    if (!pressed) return;
    this.#pressed = pressed;
    this.#anchor = this.#anchorAt(pressed);
    this.#letBrowserHold(false);
  }

  #release(): void {
    this.#pressed = null;
    this.#letBrowserHold(true);
  }

  /** What it holds is somewhere above the end, and another thing than what was pressed. */
  #letBrowserHold(isAllowed: boolean): void {
    this.#view.style.overflowAnchor = isAllowed ? '' : 'none';
  }

  #stay(): void {
    this.#anchor = null;
    this.#pressed = null;
    this.#letBrowserHold(false);
    // One that is pulled beyond its end comes back by itself.
    this.#followedTo = Math.min(this.#follow.scrollTop, this.#follow.calculatedTargetScrollTop);
  }

  #anchorAt(element: Element): Anchor {
    const places: Place[] = [];
    for (let each: Element | null = element; each && each !== this.#view; each = each.parentElement)
      places.unshift({ element: each, top: this.#boxOf(each).top });
    return { places, scrollTop: this.#view.scrollTop };
  }

  #anchorAtEdge(): Anchor {
    let element: Element = this.#content;
    for (;;) {
      const inner = this.#boxOf(element).top < 0 ? this.#firstSeenIn(element) : undefined;
      if (!inner) return this.#anchorAt(element);
      element = inner;
    }
  }

  /** What is hidden from screen readers is drawn over or beside the text, from its beginning to its end. */
  #firstSeenIn(element: Element): Element | undefined {
    return [...element.children].find((child) => {
      if (child.ariaHidden === 'true') return false;
      const { top, bottom } = this.#boxOf(child);
      return bottom > Math.max(0, top);
    });
  }

  #boxOf(element: Element): { readonly top: number; readonly bottom: number } {
    const edge = this.#view.getBoundingClientRect().top;
    const { top, bottom } = element.getBoundingClientRect();
    return { top: top - edge, bottom: bottom - edge };
  }
}
