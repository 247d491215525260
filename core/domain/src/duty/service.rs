//! What an adviser does for a village: kinds of service with their counting unit, and ways of doing it (forms A1, A2).

use crate::directory::codes;

codes! {
    /// A kind of service, each counted in its own unit.
    ServiceKind {
        /// 坐班.
        OnSite = "on_site",
        /// 法律咨询.
        Consultation = "consultation",
        /// 法律意见.
        Opinion = "opinion",
        /// 法治讲座.
        Lecture = "lecture",
        /// 调解纠纷.
        Mediation = "mediation",
        /// 法律援助引导.
        AidReferral = "aid_referral",
        /// 代写文书.
        Drafting = "drafting",
        /// 审查合同.
        Contract = "contract",
        /// 完善村规民约、村居制度.
        Charter = "charter",
        /// 培训骨干(法律明白人).
        Training = "training",
        /// 发放资料.
        Material = "material",
        /// 发放联络卡.
        Card = "card",
        /// 推送普法信息.
        Push = "push",
        /// 走访入户.
        Visit = "visit",
        /// 其他.
        Other = "other",
    }
}

codes! {
    /// How a service was given (form A1).
    ServiceMode {
        /// 坐班.
        OnSite = "on_site",
        /// 入户.
        Home = "home",
        /// 预约.
        Appointment = "appointment",
        /// 电话.
        Phone = "phone",
        /// 网络.
        Online = "online",
        /// 讲座.
        Lecture = "lecture",
    }
}

codes! {
    /// The unit in which items are counted: 人 is not 人次, so that people are a column of their own.
    Unit {
        /// 次.
        Times = "times",
        /// 件.
        Case = "case",
        /// 份.
        Copy = "copy",
        /// 场次.
        Session = "session",
        /// 个.
        Piece = "piece",
        /// 人.
        Person = "person",
        /// 张.
        Card = "card",
        /// 条.
        Message = "message",
        /// 户.
        Household = "household",
    }
}

codes! {
    /// What a visit is for.
    VisitPurpose {
        /// 例行走访.
        Round = "round",
        /// 送法上门.
        Advice = "advice",
        /// 矛盾排查.
        Dispute = "dispute",
        /// 法律援助回访.
        FollowUp = "follow_up",
        /// 发放联络卡.
        Card = "card",
        /// 其他.
        Other = "other",
    }
}

codes! {
    /// How a visit stands.
    VisitState {
        /// Still to be made.
        Planned = "planned",
        /// Made.
        Done = "done",
        /// Not to be made.
        Cancelled = "cancelled",
    }
}

codes! {
    /// Where a group lives.
    Platform {
        /// 微信群.
        Wechat = "wechat",
        /// QQ群.
        Qq = "qq",
        /// 钉钉群.
        Dingtalk = "dingtalk",
        /// 其他.
        Other = "other",
    }
}

codes! {
    /// How an appointment with a notary stands.
    AppointmentState {
        /// Booked.
        Booked = "booked",
        /// The person came.
        Done = "done",
        /// Called off.
        Cancelled = "cancelled",
        /// The person did not come.
        NoShow = "no_show",
    }
}

impl ServiceKind {
    /// The unit of its items.
    pub const fn unit(self) -> Unit {
        match self {
            Self::OnSite | Self::Other => Unit::Times,
            Self::Consultation | Self::Mediation | Self::AidReferral => Unit::Case,
            Self::Opinion | Self::Drafting | Self::Contract | Self::Material => Unit::Copy,
            Self::Lecture => Unit::Session,
            Self::Charter => Unit::Piece,
            Self::Training => Unit::Person,
            Self::Card => Unit::Card,
            Self::Push => Unit::Message,
            Self::Visit => Unit::Household,
        }
    }

    /// How it is usually given.
    pub const fn usual_mode(self) -> ServiceMode {
        match self {
            Self::Lecture | Self::Training => ServiceMode::Lecture,
            Self::Visit | Self::Card => ServiceMode::Home,
            Self::Push => ServiceMode::Online,
            _ => ServiceMode::OnSite,
        }
    }
}

impl ServiceMode {
    /// Whether it happened in the village: only such time counts as on site.
    pub const fn in_village(self) -> bool {
        matches!(self, Self::OnSite | Self::Home | Self::Lecture)
    }
}
