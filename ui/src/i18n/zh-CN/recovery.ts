/** 密码遗失的文字：协调中心的恢复码与管理员重设。 */
export const recovery = {
  "own.old": "本次登录所用的密码",
  "own.title": "设置自己的密码",
  "own.why":
    "您的密码由本中心管理员设置，或是随保管库副本恢复的旧密码。请设置只有您自己知道的密码，然后继续工作：所有内容均在。",

  "people.must": "须设置自己的密码",
  "people.reset": "重设密码",
  "people.reset.act": "设置密码",
  "people.reset.done": "{name} 可用新密码登录一次，随后须设置自己的密码。",
  "people.reset.hint": "请亲自告知本人。该密码仅供登录一次：本人须先设置自己的密码，才能进行其他操作。",
  "people.reset.own": "您自己的密码",
  "people.reset.own.hint": "以免您离开时他人进行此操作。",
  "people.reset.title": "为 {name} 设置新密码",

  "recover.act": "设置密码并登录",
  "recover.administrator": "若本中心管理员在场，则无需致电：可在“人员”页面为您重设密码。",
  "recover.back": "返回登录",
  "recover.code": "协调中心的恢复码",
  "recover.code.hint": "已输入 {n} / 20 位字母和数字。大小写及连字符均可不计。",
  "recover.done": "新密码已设置，该恢复码已用完。下一个数据包会告知协调中心，请尽快导出。",
  "recover.link": "忘记密码",
  "recover.step.call": "致电协调中心，无需网络。",
  "recover.step.code": "对方会读出一个恢复码，共五组，每组四位。每个恢复码只能在本计算机上使用一次。",
  "recover.step.type": "输入恢复码和新密码。已录入的内容保持不变。",
  "recover.step.who": "对方会询问您是谁、这是哪台计算机，请读出：",
  "recover.steps": "如何取得恢复码",
  "recover.title": "忘记密码",

  "recovery.center": "已送达协调中心",
  "recovery.center.no": "尚未：收到您的下一个数据包之前，协调中心无法读出恢复码",
  "recovery.center.yes": "是",
  "recovery.hint":
    "遗失密码者请致电协调中心，由对方读出一个恢复码。恢复码已加密，本中心无人能够读取。所剩不多时会自动生成新的一组。",
  "recovery.left": "剩余恢复码",
  "recovery.sealed": "为协调中心加密于",
  "recovery.sealed.none": "尚无",
  "recovery.title": "遗失密码时",
};
