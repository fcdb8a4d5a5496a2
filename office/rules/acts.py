"""Acts of the audit in words, and those that an auditor looks at first.

The rooms above name their acts themselves; what has no words here is shown by its own name.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from core.text import T, Text


class Kind(StrEnum):
    """Acts that cannot be taken back quietly: what went out, money, personal data, rights, the past."""

    RELEASE = "release"
    MONEY = "money"
    EXPORT = "export"
    RIGHTS = "rights"
    UNLOCK = "unlock"
    CORRECTION = "correction"
    REFUSED = "refused"


TITLES: Mapping[Kind, Text] = {
    Kind.RELEASE: T("发布与公示"),
    Kind.MONEY: T("资金"),
    Kind.EXPORT: T("导出个人信息"),
    Kind.RIGHTS: T("人员与任职"),
    Kind.UNLOCK: T("解锁与重开"),
    Kind.CORRECTION: T("更正与撤回"),
    Kind.REFUSED: T("登录未成功"),
}
ACTIONS: Mapping[Kind, frozenset[str]] = {
    Kind.RELEASE: frozenset(
        {
            "run.publicise",
            "run.publish",
            "figures.publish",
            "article.publish",
            "bulletin.publish",
            "campaign.open",
            "campaign.close",
            "scheme.import",
        }
    ),
    Kind.MONEY: frozenset({"policy.import", "allocation.prepare", "allocation.confirm", "allocation.drop"}),
    Kind.EXPORT: frozenset(
        {
            "application.export",
            "application.exported",
            "audit.export",
            "carrier.export",
            "carrier.exported",
            "change.export",
            "change.exported",
            "finding.export",
            "finding.exported",
            "people.export",
            "people.exported",
            "tenant.export",
            "tenant.exported",
        }
    ),
    Kind.RIGHTS: frozenset(
        {
            "person.create",
            "person.suspend",
            "person.restore",
            "person.invite",
            "person.password",
            "person.link",
            "appointment.make",
            "appointment.end",
            "appointment.invite",
            "appointment.hand_over",
            "appointment.delegate",
            "appointment.recall",
            "factor.enrol",
            "factor.reset",
            "factor.recovery",
            "token.make",
            "token.revoke",
        }
    ),
    Kind.UNLOCK: frozenset({"person.unlock", "session.shut", "article.reopen"}),
    Kind.CORRECTION: frozenset(
        {
            "run.recall",
            "run.drop",
            "fact.revoke",
            "finding.reopen",
            "article.withdraw",
            "bulletin.withdraw",
            "objection.sustain",
            "carrier.merger",
            "carrier.split",
            "operator.succeed",
            "regions.load",
            "workday.set",
        }
    ),
    Kind.REFUSED: frozenset({"session.refuse", "session.lock"}),
}
SENSITIVE: frozenset[str] = frozenset().union(*ACTIONS.values())

WORDS: Mapping[str, Text] = {
    "allocation.confirm": T("核定奖补"),
    "allocation.drop": T("作废奖补方案"),
    "allocation.prepare": T("测算奖补"),
    "application.attach": T("上传登记材料"),
    "application.begin": T("开始登记申请"),
    "application.clear": T("认定为另一主体"),
    "application.detach": T("移除登记材料"),
    "application.export": T("申请导出登记申请"),
    "application.exported": T("导出登记申请"),
    "application.pass": T("登记申请上报"),
    "application.refuse": T("不予登记"),
    "application.register": T("准予登记载体"),
    "application.resubmit": T("再次提交登记申请"),
    "application.return": T("退回登记申请"),
    "application.submit": T("提交登记申请"),
    "application.withdraw": T("撤回登记申请"),
    "appointment.delegate": T("委托"),
    "appointment.end": T("撤销任职"),
    "appointment.hand_over": T("交接离任"),
    "appointment.invite": T("邀请任职"),
    "appointment.make": T("任命"),
    "appointment.recall": T("终止委托"),
    "appointment.switch": T("切换身份"),
    "article.attach": T("添加附件"),
    "article.detach": T("移除附件"),
    "article.publish": T("发布文章"),
    "article.reopen": T("重新编辑文章"),
    "article.send_back": T("退回文章"),
    "article.submit": T("文章送审"),
    "article.withdraw": T("撤下文章"),
    "article.write": T("保存文章"),
    "audit.export": T("导出审计记录"),
    "audit.verify": T("核验审计链"),
    "bulletin.describe": T("修改公报信息"),
    "bulletin.import": T("导入公报"),
    "bulletin.publish": T("发布公报"),
    "bulletin.send_back": T("退回公报"),
    "bulletin.submit": T("公报送审"),
    "bulletin.withdraw": T("撤下公报"),
    "campaign.close": T("关闭填报"),
    "campaign.ladder": T("修改提醒天数"),
    "campaign.nudge": T("催办"),
    "campaign.open": T("开放填报"),
    "carrier.change": T("变更载体登记"),
    "carrier.designation": T("登记载体称号"),
    "carrier.export": T("申请导出载体名单"),
    "carrier.exported": T("导出载体名单"),
    "carrier.level": T("登记载体级别"),
    "carrier.merger": T("合并载体"),
    "carrier.register": T("登记载体"),
    "carrier.split": T("分立载体"),
    "change.approve": T("同意变更登记"),
    "change.ask": T("申请变更登记"),
    "change.export": T("申请导出变更申请"),
    "change.exported": T("导出变更申请"),
    "change.pass": T("上报变更申请"),
    "change.refuse": T("不予变更登记"),
    "change.resubmit": T("补正变更申请"),
    "change.return": T("退回变更申请"),
    "change.withdraw": T("撤回变更申请"),
    "extension.grant": T("批准延期"),
    "extension.revoke": T("撤销延期"),
    "fact.record": T("登记事实"),
    "fact.revoke": T("撤销事实"),
    "factor.codes": T("换发备用码"),
    "factor.enrol": T("启用动态口令"),
    "factor.recovery": T("使用备用码"),
    "factor.reset": T("重置动态口令"),
    "figures.publish": T("发布指标"),
    "finding.accept": T("认可疑点说明"),
    "finding.correct": T("要求更正疑点数据"),
    "finding.end": T("因疑点登记离开"),
    "finding.export": T("申请导出在孵企业疑点"),
    "finding.exported": T("导出在孵企业疑点"),
    "finding.reopen": T("重新核实疑点"),
    "finding.say": T("说明疑点"),
    "designation.term": T("修改称号用语"),
    "form.import": T("导入报表"),
    "job.cancel": T("取消任务"),
    "job.retry": T("重试任务"),
    "level.term": T("修改级别用语"),
    "marks.recuse": T("专家回避"),
    "marks.submit": T("提交评分"),
    "objection.file": T("提出异议"),
    "objection.reject": T("异议不成立"),
    "objection.sustain": T("异议成立"),
    "operator.register": T("登记运营机构"),
    "operator.rename": T("运营机构更名"),
    "operator.succeed": T("运营机构承继"),
    "outbox.again": T("重发消息"),
    "people.export": T("申请导出载体人员"),
    "people.exported": T("导出载体人员"),
    "person.create": T("新建人员"),
    "person.invite": T("发放设置密码链接"),
    "person.link": T("关联统一身份认证"),
    "person.password": T("修改密码"),
    "person.restore": T("启用账号"),
    "person.suspend": T("停用账号"),
    "person.unlock": T("解除登录锁定"),
    "policy.import": T("导入奖补政策"),
    "regions.load": T("载入区域"),
    "return.accept": T("受理报表"),
    "return.answer": T("零申报或停止运营申报"),
    "return.fill_for": T("为载体代填报表"),
    "return.import": T("导入报表工作簿"),
    "return.pass": T("报表审核通过"),
    "return.return": T("退回报表"),
    "return.row_left": T("从名单中去掉一行"),
    "return.submit": T("提交报表"),
    "return.unanswer": T("收回零申报或停止运营申报"),
    "return.withdraw": T("撤回报表"),
    "past.record": T("接收历史资料"),
    "register.export": T("制作登记表"),
    "register.import": T("导入登记表"),
    "roster.import": T("导入企业名单"),
    "roster.sync": T("更新企业名单"),
    "stay.import": T("导入入驻登记"),
    "run.assign": T("分配专家"),
    "run.create": T("新建评价"),
    "run.drop": T("作废评价"),
    "run.freeze": T("冻结评价数据"),
    "run.publicise": T("开始公示"),
    "run.publish": T("公布评价结果"),
    "run.recall": T("撤回公示"),
    "run.score": T("计分定级"),
    "scheme.import": T("导入评价办法"),
    "session.begin": T("登录"),
    "session.end": T("退出登录"),
    "session.lock": T("登录被锁定"),
    "session.refuse": T("登录未成功"),
    "session.shut": T("结束他人登录"),
    "stay.end": T("登记离开"),
    "stay.enter": T("登记入驻"),
    "stay.graduation": T("补记毕业条件"),
    "tenant.export": T("申请导出在孵企业"),
    "tenant.exported": T("导出在孵企业"),
    "term.remove": T("取消另设期限"),
    "term.set": T("另设填报期限"),
    "token.make": T("创建令牌"),
    "token.revoke": T("撤销令牌"),
    "view.share": T("共享列表视图"),
    "view.unshare": T("取消共享列表视图"),
    "workday.set": T("调整工作日"),
}
_KIND_OF = {action: kind for kind, actions in ACTIONS.items() for action in actions}


def kind_of(action: str) -> Kind | None:
    """The kind of a sensitive act; None for everyday ones."""
    return _KIND_OF.get(action)


def words_of(action: str) -> Text | str:
    """The act in words, else its name."""
    return WORDS.get(action, action)


def named(words: str) -> list[str]:
    """The names of acts whose words hold these: people search by what they read."""
    return [action for action, told in WORDS.items() if words and words in str(told)]
