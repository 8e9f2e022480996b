import { i18n } from "./i18n.js"

/** Whether the person says yes. */
export function askFirst(title: string, content: string): Promise<boolean> {
  const { yes, no } = i18n()
  return new Promise(resolve => {
    wx.showModal({
      title,
      content,
      // WeChat takes four characters at most.
      confirmText: yes,
      cancelText: no,
      success: ({ confirm }) => resolve(confirm),
      fail: () => resolve(false),
    })
  })
}
