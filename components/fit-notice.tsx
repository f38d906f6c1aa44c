import { FIT_SENTENCES, type Fit } from '@/lib/chat/request-size';

export type FitNoticeProps = {
  readonly fit: Fit;
  readonly canSend: boolean;
  readonly onSendAlone: () => void;
  readonly onNewChat: () => void;
};

const BUTTON = 'h-9 rounded-lg px-2 font-semibold text-river hover:underline pointer-coarse:h-11';

/** Said before sending: what does not fit any more, and the ways on. */
export function FitNotice({ fit, canSend, onSendAlone, onNewChat }: FitNoticeProps) {
  if (fit === 'fits') return null;
  return (
    <div className="-ms-2 flex flex-wrap items-center gap-x-1">
      <p className="w-full ps-2 pt-1 text-warning">{FIT_SENTENCES[fit]}</p>
      {fit === 'without-earlier' && canSend && (
        <button type="button" onClick={onSendAlone} className={BUTTON}>
          Ask without earlier files
        </button>
      )}
      <button type="button" onClick={onNewChat} className={BUTTON}>
        Move to a new chat
      </button>
    </div>
  );
}
