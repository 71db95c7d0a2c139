"""The front door of catalog: every write, explicitly re-exported."""

from catalog.importing import FORMATS as IMPORT_FORMATS
from catalog.importing import GoodsRecord, Problem, Shipload, UnreadableFile, read_shipload
from catalog.search import query_key
from catalog.services.adopting import adopt_file, adopt_pictures
from catalog.services.approving import (
    approve_product,
    publish_approved,
    reject_product,
    save_publishing_policy,
)
from catalog.services.archiving import ArchivedSku, archive_goods
from catalog.services.arranging import (
    check_bindable,
    check_parent,
    ensure_category,
    save_brand,
    save_category,
)
from catalog.services.asking_prices import PriceOutcome, PriceWish, ask_prices
from catalog.services.bundling import register_bundle_check, set_bundle_parts
from catalog.services.checking import attribute_schema, missing_for_sale
from catalog.services.combining import (
    OptionPlan,
    SkuPlan,
    ValuePlan,
    build_skus,
    change_sku,
    options_key,
    save_skus,
    set_options,
)
from catalog.services.complaining import (
    Claim,
    accept_complaint,
    close_complaint,
    counter_complaint,
    file_complaint,
)
from catalog.services.costing import Purchase, average_costs, averaged
from catalog.services.counting import add_buyers, add_rating, add_sales
from catalog.services.deciding_prices import (
    apply_due_prices,
    approve_price_change,
    cancel_price_change,
    count_loss_sales,
    return_price_change,
    save_price_guard,
)
from catalog.services.detailing import check_blocks, save_certificate
from catalog.services.favouriting import drop_favourite, keep_favourite, toggle_favourite
from catalog.services.filming import (
    film_pictures,
    save_video,
    set_poster,
    store_video,
    video_rule,
)
from catalog.services.freighting import save_freight_template
from catalog.services.gating import (
    Finding,
    check_gradient,
    gradient_findings,
    register_publish_gate,
)
from catalog.services.grading import grade_products
from catalog.services.import_jobs import (
    MAX_UPLOAD,
    begin_import,
    end_import,
    note_batch,
    open_import,
    read_import,
    repeat_import,
    stop_import,
)
from catalog.services.importing import (
    Arrival,
    Refusal,
    import_batch,
    import_brand,
    import_category,
    import_goods,
)
from catalog.services.indexing import index_products, indexed_once
from catalog.services.limiting import set_regions
from catalog.services.naming import name_options
from catalog.services.noting import (
    Click,
    Search,
    note_click,
    note_search,
    session_mark,
)
from catalog.services.outdating import outdate_listings
from catalog.services.pairing import put_pairs
from catalog.services.picturing import add_media
from catalog.services.pricing import set_sku_prices
from catalog.services.publishing import (
    ProductValues,
    publish_product,
    save_product,
    set_attributes,
    set_gallery,
    take_off_sale,
)
from catalog.services.qualifying import (
    document_of,
    missing_qualifications,
    save_qualification,
    warn_of_qualifications,
)
from catalog.services.relating import set_related
from catalog.services.screening_texts import (
    Text,
    TextFinding,
    blocking_words,
    digest_of_words,
    names_any,
    save_screening_row,
    screen_product,
    screen_texts,
)
from catalog.services.shelf_times import set_shelf_times, write_due_shelf_times
from catalog.services.shelving import (
    CardRow,
    mark_shelf,
    put_cards,
    register_refresher,
    take_marks,
)
from catalog.services.shopkeeping import save_shop
from catalog.services.staging import SALES_WEEKS, stage_products
from catalog.services.submitting import judge_texts, publishing_policy
from catalog.services.sweeping import sweep_words
from catalog.services.tallying import (
    ban_word,
    forget_old_searches,
    ignore_gap,
    keep_phrases,
    lift_ban,
    log_searches,
    search_policy,
    without_banned,
    write_noted,
)
from catalog.services.viewing import clear_views, drop_view, forget_old_views, record_view
from catalog.services.wording import (
    accept_synonym,
    dismiss_synonym,
    propose_synonyms,
    remove_words,
    save_own_word,
    save_synonyms,
    synonym_keys,
)

__all__ = [
    "IMPORT_FORMATS",
    "MAX_UPLOAD",
    "SALES_WEEKS",
    "ArchivedSku",
    "Arrival",
    "CardRow",
    "Claim",
    "Click",
    "Finding",
    "GoodsRecord",
    "OptionPlan",
    "PriceOutcome",
    "PriceWish",
    "Problem",
    "ProductValues",
    "Purchase",
    "Refusal",
    "Search",
    "Shipload",
    "SkuPlan",
    "Text",
    "TextFinding",
    "UnreadableFile",
    "ValuePlan",
    "accept_complaint",
    "accept_synonym",
    "add_buyers",
    "add_media",
    "add_rating",
    "add_sales",
    "adopt_file",
    "adopt_pictures",
    "apply_due_prices",
    "approve_price_change",
    "approve_product",
    "archive_goods",
    "ask_prices",
    "attribute_schema",
    "average_costs",
    "averaged",
    "ban_word",
    "begin_import",
    "blocking_words",
    "build_skus",
    "cancel_price_change",
    "change_sku",
    "check_bindable",
    "check_blocks",
    "check_gradient",
    "check_parent",
    "clear_views",
    "close_complaint",
    "count_loss_sales",
    "counter_complaint",
    "digest_of_words",
    "dismiss_synonym",
    "document_of",
    "drop_favourite",
    "drop_view",
    "end_import",
    "ensure_category",
    "file_complaint",
    "film_pictures",
    "forget_old_searches",
    "forget_old_views",
    "grade_products",
    "gradient_findings",
    "import_batch",
    "import_brand",
    "import_category",
    "import_goods",
    "index_products",
    "indexed_once",
    "judge_texts",
    "keep_favourite",
    "ignore_gap",
    "keep_phrases",
    "lift_ban",
    "log_searches",
    "mark_shelf",
    "missing_for_sale",
    "missing_qualifications",
    "name_options",
    "names_any",
    "note_batch",
    "note_click",
    "note_search",
    "query_key",
    "open_import",
    "options_key",
    "outdate_listings",
    "propose_synonyms",
    "publish_approved",
    "publish_product",
    "publishing_policy",
    "put_cards",
    "put_pairs",
    "read_import",
    "read_shipload",
    "record_view",
    "register_bundle_check",
    "register_publish_gate",
    "register_refresher",
    "reject_product",
    "remove_words",
    "repeat_import",
    "return_price_change",
    "save_brand",
    "save_category",
    "save_certificate",
    "save_freight_template",
    "save_own_word",
    "save_price_guard",
    "save_product",
    "save_publishing_policy",
    "save_qualification",
    "save_screening_row",
    "save_shop",
    "save_skus",
    "save_synonyms",
    "save_video",
    "screen_product",
    "screen_texts",
    "search_policy",
    "session_mark",
    "set_attributes",
    "set_bundle_parts",
    "set_gallery",
    "set_options",
    "set_poster",
    "set_related",
    "set_regions",
    "set_shelf_times",
    "set_sku_prices",
    "stage_products",
    "stop_import",
    "store_video",
    "sweep_words",
    "synonym_keys",
    "take_marks",
    "take_off_sale",
    "toggle_favourite",
    "video_rule",
    "warn_of_qualifications",
    "without_banned",
    "write_due_shelf_times",
    "write_noted",
]
