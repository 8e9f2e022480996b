import type { ChosenFile, ModalAnswer, ModalView, ToastView, WxHost } from "@denglu/simulator/wx"
import { avatars } from "./avatars.ts"
import { element } from "./element.ts"
import { ask, choice } from "./sheets.ts"

/** The screen that `wx` shows things on, and the person who answers: whoever holds the mouse. */
export type Screen = Required<WxHost>

/** @param overlay above the page */
export function createScreen(overlay: HTMLElement): Screen {
  let shown: HTMLElement | undefined
  const sheet = (items: readonly string[], title: string, note = "") =>
    ask<number | null>(
      overlay,
      "stage-mask-sheet",
      (box, decide) => drawSheet(box, items, title, note, decide),
      null,
    )
  const choose = async (title: string): Promise<ChosenFile | null> => {
    const chosen = await sheet(
      avatars.map(({ name }) => name),
      title,
      "模拟的相册",
    )
    return (chosen !== null && avatars[chosen]?.file()) || null
  }

  return {
    toast(view) {
      shown?.remove()
      shown = view === null ? undefined : drawToast(view)
      if (shown !== undefined) overlay.append(shown)
    },
    modal: view =>
      ask<ModalAnswer>(overlay, "stage-mask-modal", (box, decide) => drawModal(box, view, decide), {
        confirm: false,
      }),
    actionSheet: (items, title) => sheet(items, title),
    privacy: async ({ contractName }) =>
      (await sheet(["同意"], `${contractName}`, "该小程序需要你同意隐私保护指引后才能使用此功能")) === 0,
    privacyContract: name =>
      void ask<null>(
        overlay,
        "stage-mask-modal",
        (box, decide) =>
          drawModal(box, { ...plainModal, title: name, content: "这里是隐私保护指引（模拟）。" }, () =>
            decide(null),
          ),
        null,
      ),
    phoneNumber: async () =>
      (await sheet(["允许"], "申请获取并验证你的手机号", "模拟的手机号，由模拟微信给出")) === 0,
    chooseAvatar: () => choose("选择头像"),
    chooseMedia: async () => {
      const chosen = await choose("选择照片")
      return chosen && [chosen]
    },
  }
}

const plainModal: ModalView = {
  title: "",
  content: "",
  showCancel: false,
  cancelText: "取消",
  cancelColor: "",
  confirmText: "知道了",
  confirmColor: "#576b95",
  editable: false,
  placeholderText: "",
}

function drawToast({ kind, icon, title, mask }: ToastView): HTMLElement {
  const layer = element("div", mask ? "stage-toast stage-toast-mask" : "stage-toast")
  const box = element("div", `stage-toast-box stage-toast-${kind === "loading" ? "loading" : icon}`)
  box.setAttribute("role", "status")
  box.append(element("p", "", title))
  layer.append(box)
  return layer
}

function drawModal(box: HTMLElement, view: ModalView, decide: (answer: ModalAnswer) => void): void {
  const { title, content, showCancel, cancelText, confirmText, editable } = view
  if (title) box.append(element("h2", "stage-box-title", title))
  const input = document.createElement("input")
  if (editable) {
    input.className = "stage-box-input"
    input.value = content
    input.placeholder = view.placeholderText
    box.append(input)
  } else if (content) box.append(element("p", "stage-box-text", content))
  const buttons = element("div", "stage-box-buttons")
  const cancel = choice("stage-box-cancel", cancelText, () => decide({ confirm: false }))
  const confirm = choice("stage-box-confirm", confirmText, () =>
    decide(editable ? { confirm: true, content: input.value } : { confirm: true }),
  )
  // Black is the default, and would not be seen in the dark.
  cancel.style.color = view.cancelColor === "#000000" ? "" : view.cancelColor
  confirm.style.color = view.confirmColor
  if (showCancel) buttons.append(cancel)
  buttons.append(confirm)
  box.append(buttons)
}

function drawSheet(
  box: HTMLElement,
  items: readonly string[],
  title: string,
  note: string,
  decide: (choice: number | null) => void,
): void {
  if (title) box.append(element("p", "stage-box-text", title))
  if (note) box.append(element("p", "stage-sheet-note", note))
  for (const [index, text] of items.entries())
    box.append(choice("stage-sheet-item", text, () => decide(index)))
  box.append(choice("stage-sheet-item stage-sheet-cancel", "取消", () => decide(null)))
}
