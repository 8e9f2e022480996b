import { i18n } from "./i18n.js"

/** Whether the person says yes. @param confirmColor red where it can't be undone */
export function askFirst(title: string, content: string, confirmColor = "#576b95"): Promise<boolean> {
  const { yes, no } = i18n()
  return new Promise(resolve => {
    wx.showModal({
      title,
      content,
      // WeChat takes four characters at most.
      confirmText: yes,
      confirmColor,
      cancelText: no,
      success: ({ confirm }) => resolve(confirm),
      fail: () => resolve(false),
    })
  })
}
