"""Each stage of retrieval does what it is for, can be switched off, and is timed."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bench.typeset import write_pdf
from knowledge.blocks import pieces
from knowledge.embedding import Embedder
from knowledge.errors import ModelUnusable
from knowledge.index import Index
from knowledge.lexical import Lexicon
from knowledge.narrowing import Names
from knowledge.queries import Aliases, Spelling, Statements, is_about_now
from knowledge.settings import ALL_STAGES, KnowledgeSettings, Stage
from knowledge.sources import Shelf
from ui.app import App


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    folder.mkdir()
    for company in ("QUOKKA", "NUMBATBANK"):
        for year in (2022, 2023):
            pages = [
                ["Letter to the shareholders", f"It was a year of {company.lower()} progress for everybody."],
                ["CONSOLIDATED CASH FLOWS", f"Capital expenditures {year - 1000} {year - 1100}"],
                ["CONSOLIDATED BALANCE SHEETS", f"Total assets {year + 3000} {year + 2900}"],
            ]
            write_pdf(folder / f"{company}_{year}_10K.pdf", pages)
    return folder


@pytest.mark.parametrize(
    ("question", "file", "page"),
    [
        ("What was the capex of Numbat Bank in FY2022?", "NUMBATBANK_2022_10K.pdf", 2),
        ("capital expenditures of Quokka in 2023", "QUOKKA_2023_10K.pdf", 2),
        ("total assets of quokka, 2022", "QUOKKA_2022_10K.pdf", 3),
    ],
)
def test_a_question_that_names_company_and_year_finds_the_page_of_that_report(
    embedder: Embedder, shelf: Path, home: Path, reports: Path, question: str, file: str, page: int
) -> None:
    index = Index(home / "index", embedder, KnowledgeSettings())
    index.sync(Shelf(shelf, home, watched=[reports]).documents())
    found = index.retriever().search(question, 3)
    assert (Path(found.hits[0].passage.origin).name, found.hits[0].passage.page) == (file, page)
    assert {"query", "narrowing", "dense", "lexical", "fusion", "diversity"} == set(found.timings_ms)


@pytest.mark.parametrize("stage", sorted(ALL_STAGES))
def test_every_stage_can_be_switched_off(embedder: Embedder, shelf: Path, home: Path, stage: str) -> None:
    index = Index(home / "index", embedder, KnowledgeSettings(stages=ALL_STAGES - {stage}))
    index.sync(Shelf(shelf, home).documents())
    found = index.retriever().search("what happens to the margin that is left", 3)
    assert stage not in found.timings_ms
    assert found.hits[0].passage.id == "faq-basics#who-gets-my-margin"


def test_what_is_like_the_likeliest_hit_gains_and_the_likeliest_stays_first(
    embedder: Embedder, shelf: Path, home: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "wombats.md").write_text("# Wombats\n\nA wombat digs burrows and eats grass at night.")
    (own / "burrowers.md").write_text(
        "# Burrowers\n\nThe marsupial that digs at night feeds on grass; its nest is deep."
    )
    (own / "eats.md").write_text("# Where London eats\n\nThe bar called Wombat is full of grass-green chairs.")
    documents = Shelf(shelf, home, watched=[own]).documents()
    Index(home / "index", embedder, KnowledgeSettings()).sync(documents)

    def found(*left_out: Stage) -> dict[str, float]:
        settings = KnowledgeSettings(stages=ALL_STAGES - {"narrowing", *left_out})
        return {hit.passage.slug: hit.score for hit in Index(home / "index", embedder, settings).search("wombat", k=9)}

    plain, kin = found("kinship"), found()
    assert max(kin, key=kin.__getitem__) == "wombats"
    assert kin["wombats"] == pytest.approx(plain["wombats"], rel=0.01)
    assert kin["burrowers"] / kin["eats"] > plain["burrowers"] / plain["eats"]


def test_scores_say_whether_anything_fits_at_all(embedder: Embedder, shelf: Path, home: Path) -> None:
    index = Index(home / "index", embedder, KnowledgeSettings())
    index.sync(Shelf(shelf, home).documents())
    fitting = index.search("who gets my margin when I am liquidated", k=1)[0].score
    foreign = index.search("how long do I boil an egg for breakfast", k=1)[0].score
    assert fitting > 0.6
    assert foreign < 0.35


def test_neighbours_widen_a_passage_within_its_document(embedder: Embedder, shelf: Path, home: Path) -> None:
    index = Index(home / "index", embedder, KnowledgeSettings())
    index.sync(Shelf(shelf, home).documents())
    near = index.neighbours("mark-price#how-the-mark-price-is-built")
    assert [passage.anchor for passage in near] == [
        "introduction",
        "how-the-mark-price-is-built",
        "why-the-last-price-differs",
    ]
    assert [passage.anchor for passage in index.neighbours("mark-price#introduction")] == [
        "introduction",
        "how-the-mark-price-is-built",
    ]


def test_a_figure_is_found_on_the_statement_that_shows_it_by_another_name(
    embedder: Embedder, shelf: Path, home: Path, tmp_path: Path
) -> None:
    (tmp_path / "reports").mkdir()
    pages = [
        ["Discussion by management", "Capex was in line with the plan. Capex will support growth. Capex is reviewed."],
        ["CONSOLIDATED STATEMENTS OF CASH FLOWS", "Purchases of property, plant and equipment 1,204 1,101"],
        ["CONSOLIDATED BALANCE SHEETS", "Total assets 9,204 9,101"],
    ]
    write_pdf(tmp_path / "reports/QUOKKA_2022_10K.pdf", pages)
    documents = Shelf(shelf, home, watched=[tmp_path / "reports"]).documents()
    Index(home / "index", embedder, KnowledgeSettings()).sync(documents)

    def first(stages: frozenset[Stage]) -> int | None:
        index = Index(home / "index", embedder, KnowledgeSettings(stages=stages))
        return index.search("What is the FY2022 capex of Quokka?", k=1)[0].passage.page

    assert first(ALL_STAGES) == 2
    assert first(ALL_STAGES - {"statements", "aliases"}) == 1


def test_only_figures_of_reports_are_asked_by_the_names_of_their_lines() -> None:
    statements = Statements.load()
    assert "statements of cash flows" in statements.shown("FY2018 Capital Expenditure amount for 3M")
    assert "balance sheets" in statements.shown("what is the quick ratio?")
    assert statements.shown("why was my long liquidated") == ()


def test_typos_are_mended_and_names_and_common_words_are_left() -> None:
    spelling = Spelling(["liquidation maintenance margin"], lambda word: word == "wages")
    assert spelling.mended("liqudation and maintenence of Margon, wages") == (
        "liquidation and maintenance of Margon, wages"
    )


def test_aliases_add_the_other_names_of_what_is_named() -> None:
    aliases = Aliases.load()
    assert "bitcoin" in aliases.also("why did BTC fall")
    assert "liquidated" in aliases.also("i got rekt")
    assert "auto-deleveraging" in aliases.also("what is ADL?")
    assert aliases.also("nothing that has a second name") == ()
    assert aliases.also("soils and moils") == ()


def test_only_questions_about_now_ask_for_the_newest() -> None:
    assert is_about_now("what is the latest haircut")
    assert not is_about_now("what is a haircut")


def test_names_of_documents_are_known_by_company_and_year() -> None:
    names = Names({"a-2022": "Apple 2022", "a-2023": "Apple 2023", "b-2023": "Block 2023"}, str.isalpha)
    assert set(names.named("What did Apple earn in 2023?")) == {"a-2023"}
    assert set(names.named("What did Apple earn?")) == {"a-2022", "a-2023"}
    assert names.named("how is an apple eaten") == {}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What is the FY2018 capital expenditure amount (in USD millions) for 3M?", {"3m-2018-10k"}),
        ("Is 3M a capital-intensive business based on FY2022 data?", {"3m-2022-10k"}),
        ("What drove Pepsi's sales in 2022?", {"pepsico-2022-10k"}),
        ("How did CVS Health's margin change in FY22?", {"cvshealth-2022-10k"}),
        ("How did CVS do?", {"cvshealth-2022-10k"}),
        ("What is American Express's revenue in FY2022?", {"americanexpress-2022-10k"}),
        ("What was the FY2017 dividend of 3M?", {"3m-2018-10k", "3m-2022-10k"}),
        ("What is the effective tax rate in 10K filings?", set()),
        ("does amex or pep change between deb and rpm?", set()),
    ],
)
def test_companies_are_known_as_people_and_files_write_them(
    embedder: Embedder, question: str, expected: set[str]
) -> None:
    files = ("3M_2018_10K", "3M_2022_10K", "PEPSICO_2022_10K", "CVSHEALTH_2022_10K", "AMERICANEXPRESS_2022_10K")
    names = Names({name.lower().replace("_", "-"): name for name in files}, embedder.is_word)
    assert set(names.named(question)) == expected


def test_a_report_whose_file_has_no_name_is_found_by_its_cover(home: Path, embedder: Embedder, tmp_path: Path) -> None:
    figures = ["Consolidated Statements of Cash Flows", "Purchases of property and equipment 310 290"]
    (tmp_path / "reports").mkdir()
    for number, company in enumerate(("Borealis Tools", "Calder Foods", "Quillon Payments"), start=1):
        cover = ["FORM 10-K", "For the fiscal year ended December 31, 2021", f"{company} Inc."]
        write_pdf(tmp_path / f"reports/00031-21-00000{number}.pdf", [cover, figures])
    index = Index(home / "index", embedder, KnowledgeSettings())
    index.sync(Shelf(tmp_path / "none", home, watched=[tmp_path / "reports"]).documents())
    for number, company in ((1, "Borealis Tools"), (2, "Calder Foods"), (3, "Quillon")):
        hits = index.search(f"What were the purchases of property and equipment of {company}?", 10)
        assert next(hit.passage.slug for hit in hits if hit.passage.page == 2) == f"00031-21-00000{number}"


def test_a_long_table_is_cut_between_rows_and_repeats_its_head() -> None:
    rows = [f"| tier {number} | {number}% |" for number in range(30)]
    cut = pieces("\n".join(["Rates:", "", "| Tier | Rate |", "|---|---|", *rows]), lambda text: len(text.split()), 60)
    assert len(cut) > 1
    assert all("| Tier | Rate |\n|---|---|\n" in piece for piece in cut if "| tier" in piece)
    assert [row for piece in cut for row in piece.splitlines() if row.startswith("| tier")] == rows


def test_a_long_list_is_cut_between_items() -> None:
    items = [f"- item {number} has\n  a second line" for number in range(20)]
    cut = pieces("\n".join(items), lambda text: len(text.split()), 30)
    assert all(piece.startswith("- item") and piece.endswith("second line") for piece in cut)


def test_an_answer_longer_than_the_embedder_reads_has_a_vector_for_each_part(
    embedder: Embedder, shelf: Path, home: Path
) -> None:
    path = shelf / "faq/basics.yaml"
    filler = " ".join(f"Venue {number} has a rule of its own about fees." for number in range(60))
    ending = "Wombats are exempt from every fee on Sundays."
    path.write_text(path.read_text().replace("and some return it", "").rstrip() + f" {filler} {ending}\n")
    index = Index(home / "index", embedder, KnowledgeSettings(stages=frozenset({"dense"})))
    index.sync(Shelf(shelf, home).documents())
    hit = index.search("wombats exempt from fees on Sundays", k=1)[0]
    assert hit.passage.id == "faq-basics#who-gets-my-margin"
    assert ending in hit.passage.text
    assert hit.similarity > 0.4


def test_a_reranker_that_is_configured_and_missing_is_an_error(
    embedder: Embedder, shelf: Path, home: Path, tmp_path: Path
) -> None:
    index = Index(home / "index", embedder, KnowledgeSettings(reranker_path=tmp_path / "none"))
    index.sync(Shelf(shelf, home).documents())
    with pytest.raises(ModelUnusable, match="RERANKER_PATH"):
        index.search("anything")


def test_what_answers_the_same_question_comes_with_the_entry_that_is_asked_for(
    embedder: Embedder, shelf: Path, home: Path
) -> None:
    entry, member = "faq-basics#who-gets-my-margin", "mark-price#why-the-last-price-differs"
    (shelf / "subjects.yaml").write_text(f"{entry}: [{member}]\n")

    def scores(question: str, *left_out: Stage) -> dict[str, float]:
        settings = KnowledgeSettings(content=shelf, stages=ALL_STAGES - {"diversity", *left_out})
        index = Index(home / "index", embedder, settings)
        index.sync(Shelf(shelf, home).documents())
        return {hit.passage.id: hit.score for hit in index.search(question, k=20)}

    for question, first, other in (
        ("who gets my margin when I am liquidated", entry, member),
        ("a thin order book lets the last price jump", member, entry),
    ):
        assert next(iter(scores(question))) == first
        assert scores(question)[other] > scores(question, "subjects")[other] + 0.05


def test_many_who_open_the_lexicon_at_once_all_find(tmp_path: Path) -> None:
    texts = [f"Rule {number} is about margin of tier {number % 7}." for number in range(2_000)]
    ids = [str(number) for number in range(2_000)]

    def found(_: int) -> str:
        lexicon = Lexicon.opened(tmp_path / "lexicon", "state", ids, lambda: texts)
        return lexicon.best(lexicon.coverage("rule 1234"), 1)[0]

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(found, range(24))) == {"1234"}


def test_what_is_nearest_in_meaning_is_among_the_results_wherever_it_stands(app: App) -> None:
    for question in ("price of solana right now", "what does the exchange do with the wick of my collateral"):
        few, many = (app.library.index.search(question, k) for k in (8, 60))
        assert max(hit.similarity for hit in few) == max(hit.similarity for hit in many)
        assert max(hit.question_similarity for hit in few) == max(hit.question_similarity for hit in many)
        assert few[0] == many[0]
        assert len(few) == 8
