/** What is shown over the page for a while. */
export interface ToastView {
  readonly kind: "toast" | "loading"
  readonly title: string
  readonly icon: "success" | "error" | "loading" | "none"
  /** A picture in place of the icon. */
  readonly image: string | null
  /** Nothing below can be touched. */
  readonly mask: boolean
}

export interface ModalView {
  readonly title: string
  readonly content: string
  readonly showCancel: boolean
  readonly cancelText: string
  readonly cancelColor: string
  readonly confirmText: string
  readonly confirmColor: string
  /** A text can be typed. */
  readonly editable: boolean
  readonly placeholderText: string
}

export interface ModalAnswer {
  readonly confirm: boolean
  /** What was typed. */
  readonly content?: string
}

export interface PrivacyAsk {
  /** The API or button that needs it, as `chooseMedia` or `button.getPhoneNumber`. */
  readonly referrer: string
  readonly contractName: string
}

export interface MediaAsk {
  /** At most so many. */
  readonly count: number
  readonly mediaType: readonly string[]
  readonly sourceType: readonly string[]
}

/** A picture or film that a person has chosen. */
export interface ChosenFile {
  readonly bytes: Uint8Array | ArrayBuffer
  /** Media type, as `image/png`. */
  readonly type: string
}

/**
 * The screen and the person in front of it: whoever embeds a `wx` shows and decides here.
 * What is left out is decided as by one who says yes to everything.
 */
export interface WxHost {
  /** Shows it in place of the one before; `null` takes it away. */
  toast?(view: ToastView | null): void
  modal?(view: ModalView): ModalAnswer | Promise<ModalAnswer>
  /** Answers an index, or `null` for cancel. */
  actionSheet?(items: readonly string[], title: string): number | null | Promise<number | null>
  /** WeChat's own question, asked where a page has no `onNeedPrivacyAuthorization`. */
  privacy?(ask: PrivacyAsk): boolean | Promise<boolean>
  /** Shows the privacy contract. */
  privacyContract?(contractName: string): void
  /** WeChat's question whether the mini program may have the number. */
  phoneNumber?(): boolean | Promise<boolean>
  /** `null` for cancel. */
  chooseAvatar?(): ChosenFile | null | Promise<ChosenFile | null>
  /** `null` for cancel. */
  chooseMedia?(ask: MediaAsk): readonly ChosenFile[] | null | Promise<readonly ChosenFile[] | null>
}
