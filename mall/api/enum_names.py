"""What the schema calls enumerations whose fields are named alike; the settings read it."""

ENUM_NAMES = {
    f"{name}Enum": f"mall.api.choices.{values}"
    for name, values in (
        ("CertificateKind", "CERTIFICATE_KINDS"),
        ("DetailKind", "DETAIL_KINDS"),
        ("BlockKind", "BLOCK_KINDS"),
        ("PromiseCode", "PROMISE_CODES"),
        ("CouponKind", "COUPON_KINDS"),
        ("OrderStatus", "ORDER_STATUSES"),
        ("PaymentStatus", "PAYMENT_STATUSES"),
        ("ActivityKind", "ACTIVITY_KINDS"),
        ("InvoiceKind", "INVOICE_KINDS"),
        ("PrizeKind", "PRIZE_KINDS"),
        ("BargainState", "BARGAIN_STATES"),
        ("TeamState", "TEAM_STATES"),
        ("WithdrawalState", "WITHDRAWAL_STATES"),
        ("PacketState", "PACKET_STATES"),
        ("CouponOfferState", "COUPON_OFFER_STATES"),
        ("GrantState", "GRANT_STATES"),
        ("GrantFilter", "GRANT_FILTERS"),
        ("AfterSaleKind", "AFTER_SALE_KINDS"),
        ("AfterSaleState", "AFTER_SALE_STATES"),
        ("AfterSaleReason", "AFTER_SALE_REASONS"),
        ("PickupWindow", "PICKUP_WINDOWS"),
        ("ProofDeed", "PROOF_DEEDS"),
        ("ProofMethod", "PROOF_METHODS"),
        ("ShareKind", "SHARE_KINDS"),
        ("UploadKind", "UPLOAD_KINDS"),
        ("UploadPurpose", "UPLOAD_PURPOSES"),
        ("ReportState", "REPORT_STATES"),
        ("ReportOutcome", "REPORT_OUTCOMES"),
        ("SubOrderState", "SUB_ORDER_STATES"),
    )
}
