"""The events of the year that every shop begins with. Source: requirement P-42."""

from django.db import migrations

EVENTS = (
    ("618", "big_sale", "618 年中大促", "618 mid-year sale", 6, 18, 1, ""),
    ("double-11", "big_sale", "双 11 购物节", "Double 11", 11, 11, 1, ""),
    ("double-12", "big_sale", "双 12 年终盛典", "Double 12", 12, 12, 1, ""),
    ("new-year-goods", "festival", "年货节", "New Year goods", 1, 10, 14, ""),
    ("spring-festival", "festival", "春节", "Spring Festival", None, 1, 7, "spring_festival"),
    ("valentine", "festival", "情人节", "Valentine's Day", 2, 14, 1, ""),
    ("womens-day", "festival", "38 女神节", "Women's Day", 3, 8, 1, ""),
    ("labour-day", "festival", "五一劳动节", "Labour Day", 5, 1, 5, ""),
    ("childrens-day", "festival", "六一儿童节", "Children's Day", 6, 1, 1, ""),
    ("dragon-boat", "festival", "端午节", "Dragon Boat Festival", None, 1, 1, "dragon_boat"),
    ("qixi", "festival", "七夕节", "Qixi Festival", None, 1, 1, "qixi"),
    ("mid-autumn", "festival", "中秋节", "Mid-Autumn Festival", None, 1, 1, "mid_autumn"),
    ("national-day", "festival", "国庆节", "National Day", 10, 1, 7, ""),
    ("anniversary", "anniversary", "品牌周年庆", "Brand anniversary", 9, 9, 3, ""),
    ("spring-season", "season", "春季上新", "Spring season", 3, 15, 7, ""),
    ("summer-season", "season", "夏季上新", "Summer season", 5, 20, 7, ""),
    ("autumn-season", "season", "秋季上新", "Autumn season", 8, 25, 7, ""),
    ("winter-season", "season", "冬季上新", "Winter season", 11, 20, 7, ""),
    ("member-day", "member_day", "会员日", "Member day", None, 8, 1, ""),
)
COLUMNS = ("kind", "title_zh", "title_en", "month", "day", "days", "lunar")


def add_events(apps, schema_editor):
    event = apps.get_model("promotions", "YearlyEvent")
    for code, *values in EVENTS:
        event.objects.get_or_create(code=code, defaults=dict(zip(COLUMNS, values, strict=True)))


def take_events(apps, schema_editor):
    apps.get_model("promotions", "YearlyEvent").objects.filter(plans=None).delete()


class Migration(migrations.Migration):
    dependencies = [("promotions", "0011_presale_plans")]

    operations = [migrations.RunPython(add_events, take_events)]
