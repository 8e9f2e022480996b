App({
  onLaunch() {
    wx.login({
      success: res => {
        if (res.code) {
          wx.request({
            url: "http://127.0.0.1:3000/login",
            method: "POST",
            data: { code: res.code },
            success: res => {
              wx.setStorageSync("token", res.data.access_token)
              this.globalData.userInfo = res.data.user
            },
          })
        } else {
          console.log("登录失败！" + res.errMsg)
        }
      },
    })
  },

  globalData: {
    userInfo: null,
  },
})
