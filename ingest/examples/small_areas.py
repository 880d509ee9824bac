"""Example files of small areas: deprivation in two vintages, where they lie, who lives there, how far it is; baselines.

The areas are invented, in the headers of the published files; one of 2011 was split in 2021, so the two lists differ.

Kept out: which areas there are and how deprived they are (`truth`).
"""

from collections.abc import Iterator
from datetime import date

from ingest.examples import truth
from ingest.examples.delivery import Delivery, Draws

_DELIVERED = date(2026, 4, 2)
_BOARD = ("E54000026", "QH8", "NHS Mid and South Essex Integrated Care Board")
_AUTHORITIES = (
    ("E06000033", "Southend-on-Sea"), ("E07000066", "Basildon"), ("E07000070", "Chelmsford"), ("E06000034", "Thurrock"),
)  # fmt: skip
_DOMAINS = ("Income", "Employment", "Education", "Health", "Crime", "Housing_and_{}", "Environment")
_GROUPS = (
    ("White", 0.84), ("Asian, Asian British or Asian Welsh", 0.07),
    ("Black, Black British, Black Welsh, Caribbean or African", 0.05), ("Mixed or Multiple ethnic groups", 0.03),
    ("Other ethnic group", 0.01),
)  # fmt: skip
_BANDS = (*(f"{first}-{first + 4}" for first in range(0, 90, 5)), "90+")


def deliveries(seed: int) -> Iterator[Delivery]:
    """The files of areas and of SPC baselines, the same in every size."""
    for year in (2011, 2021):
        yield _lookup(year)
    yield _change()
    yield _imd(seed, 2019, 2011)
    yield _imd(seed, 2025, 2021)
    yield _population(seed)
    yield _ethnicity(seed)
    yield _travel_time(seed)
    yield _spc_baseline()


def _areas(year: int) -> list[tuple[str, str, tuple[str, str], int]]:
    """Code, name, local authority and decile of 2025 of each area of 2011 or 2021."""
    found = []
    for place, (code, decile) in enumerate(truth.LSOAS):
        if year == 2011 and code == truth.LSOA_SPLIT[1]:
            continue
        authority = _AUTHORITIES[place % len(_AUTHORITIES)]
        found.append((code, f"{authority[1]} {place // 4 + 1:03d}{'ABCD'[place % 4]}", authority, decile))
    return found


def _lookup(year: int) -> Delivery:
    short, later = (11, 22) if year == 2011 else (21, 24)
    header = (
        f"lsoa{short}_name", f"lsoa{short}_code", f"ltla{later}_name", f"ltla{later}_code", f"icb{later}_name",
        f"icb{later}_code", f"icb{later}_code_h" if year == 2011 else f"icb{later}_code_nhs",
    )  # fmt: skip
    rows = [
        (name, code, authority[1], authority[0], _BOARD[2], _BOARD[0], _BOARD[1])
        for code, name, authority, _ in _areas(year)
    ]
    return Delivery("lsoa_lookup", f"lsoa{short}_lookup.csv", _DELIVERED, header, rows)


def _change() -> Delivery:
    names = {code: name for code, name, _, _ in _areas(2021)}
    rows = []
    for code, name in names.items():
        was = truth.LSOA_SPLIT[0] if code in truth.LSOA_SPLIT else code
        rows.append((names[was], was, "S" if code in truth.LSOA_SPLIT else "U", name, code))
    header = ("lsoa11_name", "lsoa11_code", "change_code", "lsoa21_name", "lsoa21_code")
    return Delivery("lsoa_change", "lsoa11_to_lsoa21.csv", _DELIVERED, header, rows)


def imd_decile(place: int, decile: int, vintage: int) -> int:
    """The decile of an area under a vintage, from its decile of 2025 and its place in the list."""
    if vintage == 2019 and place % 4 == 0:
        return decile + 1 if decile < 5 else decile - 1
    return decile


def _imd(seed: int, vintage: int, year: int) -> Delivery:
    short, later, access = (11, 22, "Access") if year == 2011 else (21, 24, "Services")
    domains = [domain.format(access) for domain in _DOMAINS]
    header = [f"lsoa{short}_code", f"lsoa{short}_name", f"ltla{later}_code", f"ltla{later}_name"]
    header += ["IMD_score", "IMD_rank", "IMD_decile", "IMD_quintile"]
    header += [f"{domain}_{kind}" for kind in ("decile", "rank") for domain in domains]
    areas = truth.IMD_AREAS[vintage]
    rows = []
    for place, (code, name, authority, of_2025) in enumerate(_areas(year)):
        decile = imd_decile(place, of_2025, vintage)
        draws = Draws(seed, "imd", vintage, code)
        rank = int(areas * (decile - draws.between(0.05, 0.95)) / 10)
        shown = decile + 1 if (code, vintage) == (truth.IMD_WRONG_DECILE, 2025) else decile
        ranks = [int(draws.between(1, areas)) for _ in domains]
        deciles = [(item * 10 + areas - 1) // areas for item in ranks]
        score = f"{60 * (1 - rank / areas) ** 2 + 1:.3f}"
        rows.append([
            code, name, *authority, score, str(rank), str(shown), str((shown + 1) // 2), *map(str, deciles),
            *map(str, ranks),
        ])  # fmt: skip
    return Delivery("imd", f"imd{vintage}_lsoa{short}.csv", _DELIVERED, header, rows)


def _residents(seed: int, code: str) -> int:
    return 1200 + int(Draws(seed, "population", code).between(0, 800))


def _population(seed: int) -> Delivery:
    rows = []
    for code, _ in truth.LSOAS:
        residents = _residents(seed, code)
        for place, band in enumerate(_BANDS):
            share = 0.06 if place < 14 else 0.16 / 5
            for sex, part in (("Male", 0.49), ("Female", 0.51)):
                rows.append((code, str(5 * place), band, sex, str(round(residents * share * part))))
    header = ("lsoa21_code", "agestart", "ageband", "Sex", "population")
    return Delivery("population", "population2021_lsoa21.csv", _DELIVERED, header, rows)


def _ethnicity(seed: int) -> Delivery:
    rows = []
    for code, _ in truth.LSOAS:
        residents = _residents(seed, code)
        counts = [round(residents * share) for _, share in _GROUPS]
        counts[0] += residents - sum(counts)
        for (group, _), count in zip(_GROUPS, counts, strict=True):
            rows.append((code, group, str(count), str(residents)))
    header = ("lsoa21_code", "ethnic_group", "n", "total_residents")
    return Delivery("ethnicity_population", "census2021_ethnicity5.csv", _DELIVERED, header, rows)


def _travel_time(seed: int) -> Delivery:
    rows = []
    for code, _ in truth.LSOAS:
        for site in truth.SITES:
            draws = Draws(seed, "travel_time", code, site.code)
            km = draws.between(2, 38)
            by_car = round(8 + km * draws.between(1.1, 1.6), 1)
            by_bus = round(15 + by_car * draws.between(1.8, 3.2), 1)
            bus = "-" if (code, site.code) == truth.NO_CONNECTION else f"{by_bus}"
            rows.append((code, "2021", site.code, "Car", f"{by_car}", f"{km:.1f}"))
            rows.append((code, "2021", site.code, "Public transport", bus, f"{km:.1f}"))
    header = ("LSOA", "LSOA Vintage", "Site Code", "Mode", "Minutes", "Distance km")
    return Delivery("travel_time", "travel_time.csv", _DELIVERED, header, rows)


def _spc_baseline() -> Delivery:
    rows = [
        ("trust", truth.TRUST, "VTE_PCT", "01/04/2024", "rebase", "", "Assessment within 14 hours counts from here"),
        ("ward", "W027", "FALLS_1000", "01/02/2025", "note", "", "Five falls were reported late"),
        ("site", "RAJ01", "SICKNESS_PCT", "01/12/2024", "exclude", "", "Roster system down for two weeks"),
        ("ward", "W001", "FALLS_1000", "01/04/2023", "fix_after_n", "12", "Baseline before the safety huddle"),
    ]
    header = ("Level", "Organisation", "Indicator", "Month", "Kind", "Points", "Reason", "Author")
    return Delivery("spc_baseline", "spc_baseline.csv", _DELIVERED, header, [(*row, "Lead analyst") for row in rows])
