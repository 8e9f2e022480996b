/** A toast of a whole sentence: with an icon WeChat shows seven characters only. */
export function showNote(title: string): void {
  wx.showToast({ title, icon: "none", duration: 2500 })
}
