import { answerWork, type WxCall, type WxDone, type WxOptionalCall, WxRefusal } from "./answer-work.ts"
import type { ReportThrown } from "./callbacks.ts"
import type { ToastView, WxHost } from "./host.ts"
import type { Toast } from "./toast.ts"
import { checkParameter } from "./wrong-parameter.ts"

export interface ShowToastOptions {
  readonly title: string
  /** Default is `success`. */
  readonly icon?: ToastView["icon"]
  readonly image?: string
  /** Milliseconds. Default is 1,500. */
  readonly duration?: number
  readonly mask?: boolean
}

export interface ShowLoadingOptions {
  readonly title: string
  readonly mask?: boolean
}

export interface HideOptions {
  /** `true`: `hideToast` hides no loading sign, and the other way round. */
  readonly noConflict?: boolean
}

export interface ShowModalOptions {
  readonly title?: string
  readonly content?: string
  /** Default is `true`. */
  readonly showCancel?: boolean
  /** At most four characters. */
  readonly cancelText?: string
  readonly cancelColor?: string
  /** At most four characters. */
  readonly confirmText?: string
  readonly confirmColor?: string
  readonly editable?: boolean
  readonly placeholderText?: string
}

export interface ShowModalResult extends WxDone {
  readonly confirm: boolean
  readonly cancel: boolean
  /** What was typed; `null` where nothing could be. */
  readonly content: string | null
}

export interface ShowActionSheetOptions {
  /** One to six. */
  readonly itemList: readonly string[]
  readonly alertText?: string
}

export interface ShowActionSheetResult extends WxDone {
  readonly tapIndex: number
}

/** Shown and decided by the host. */
export interface InteractionApi {
  readonly showToast: WxCall<ShowToastOptions, WxDone>
  readonly hideToast: WxOptionalCall<HideOptions, WxDone>
  readonly showLoading: WxCall<ShowLoadingOptions, WxDone>
  readonly hideLoading: WxOptionalCall<HideOptions, WxDone>
  readonly showModal: WxOptionalCall<ShowModalOptions, ShowModalResult>
  /** Cancel is a failure. */
  readonly showActionSheet: WxCall<ShowActionSheetOptions, ShowActionSheetResult>
}

const defaultDurationMs = 1_500
const mostItems = 6
const longestButton = 4

export function createInteractionApi(
  toast: Toast,
  host: Required<WxHost>,
  report: ReportThrown,
): InteractionApi {
  return {
    showToast: options => answerWork("showToast", options, () => showToast(options, toast), report),
    hideToast: options => answerWork("hideToast", options, () => hide("toast", options, toast), report),
    showLoading: options => answerWork("showLoading", options, () => showLoading(options, toast), report),
    hideLoading: options => answerWork("hideLoading", options, () => hide("loading", options, toast), report),
    showModal: options => answerWork("showModal", options, () => showModal(options ?? {}, host), report),
    showActionSheet: options =>
      answerWork("showActionSheet", options, () => showActionSheet(options, host), report),
  }
}

function showToast({ title, icon, image, duration, mask }: ShowToastOptions, toast: Toast): object {
  checkParameter("title", "String", title)
  toast.show(
    { kind: "toast", title, icon: icon ?? "success", image: image ?? null, mask: mask ?? false },
    duration ?? defaultDurationMs,
  )
  return {}
}

function showLoading({ title, mask }: ShowLoadingOptions, toast: Toast): object {
  checkParameter("title", "String", title)
  toast.show({ kind: "loading", title, icon: "loading", image: null, mask: mask ?? false }, null)
  return {}
}

function hide(kind: ToastView["kind"], options: HideOptions | undefined, toast: Toast): object {
  toast.hide(options?.noConflict === true ? kind : undefined)
  return {}
}

async function showModal(
  options: ShowModalOptions,
  host: Required<WxHost>,
): Promise<Omit<ShowModalResult, "errMsg">> {
  const { title = "", content = "", editable = false } = options
  checkParameter("title", "String", title)
  checkParameter("content", "String", content)
  const answer = await host.modal({
    title,
    content,
    showCancel: options.showCancel ?? true,
    cancelText: buttonText("cancelText", options.cancelText ?? "取消"),
    cancelColor: options.cancelColor ?? "#000000",
    confirmText: buttonText("confirmText", options.confirmText ?? "确定"),
    confirmColor: options.confirmColor ?? "#576B95",
    editable,
    placeholderText: options.placeholderText ?? "",
  })
  const typed = editable ? (answer.content ?? content) : null
  return { confirm: answer.confirm, cancel: !answer.confirm, content: typed }
}

function buttonText(name: string, text: string): string {
  checkParameter(name, "String", text)
  if ([...text].length > longestButton)
    throw new WxRefusal(`parameter error: ${name} length should not larger than ${longestButton}`, 1001)
  return text
}

async function showActionSheet(
  { itemList, alertText = "" }: ShowActionSheetOptions,
  host: Required<WxHost>,
): Promise<{ readonly tapIndex: number }> {
  checkParameter("itemList", "Array", itemList)
  if (itemList.length === 0)
    throw new WxRefusal("parameter error: itemList should have at least one item", 1001)
  if (itemList.length > mostItems)
    throw new WxRefusal(`parameter error: itemList should not be large than ${mostItems}`, 1001)
  const tapIndex = await host.actionSheet(itemList, alertText)
  if (tapIndex === null) throw new WxRefusal("cancel")
  return { tapIndex }
}
