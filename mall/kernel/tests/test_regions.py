"""The table of regions."""

from mall.kernel import regions


def test_provinces_include_hong_kong_macao_and_taiwan_with_fixed_codes():
    names = {region.code: region.name for region in regions.children()}

    assert names["31"] == "上海市"
    assert (names["81"], names["82"], names["71"]) == ("香港特别行政区", "澳门特别行政区", "台湾省")
    assert len(names) == 34


def test_every_region_hangs_below_a_known_parent_whose_code_it_begins_with():
    seen = 0
    for province in regions.children():
        for city in regions.children(province.code):
            assert city.code.startswith(province.code)
            for area in regions.children(city.code):
                assert area.code.startswith(city.code)
                seen += 1
    assert seen > 2_900


def test_a_full_name_leaves_out_the_filler_level():
    street = regions.children("310104")[0]

    assert regions.full_name(street.code) == ["上海市", "徐汇区", street.name]
    assert regions.path("310104")[1].name == "市辖区"


def test_only_the_deepest_level_may_be_an_address():
    assert not regions.is_deepest("310104")
    assert regions.is_deepest(regions.children("310104")[0].code)
    assert regions.is_deepest("810101")
    assert not regions.is_deepest("999999")


def test_search_takes_names_pinyin_and_initials():
    assert any(region.code == "310104" for region in regions.search("徐汇"))
    assert any(region.code == "310104" for region in regions.search("xuhui"))
    assert any(region.code == "310104" for region in regions.search("xh", limit=200))
    assert regions.search("  ") == []
