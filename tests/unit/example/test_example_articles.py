"""The articles fit WeChat: limits, structure of the HTML, nothing fetched from elsewhere."""

import re
from html.parser import HTMLParser

import pytest

from stack.example import articles, matrix, pictures
from stack.example.articles import Article, UnfitMarkdown

CHINESE = re.compile(r"[\u4e00-\u9fff]")
INLINE = {"span", "strong", "em", "br", "img"}
VOID = {"br", "img", "hr"}


class Tags(HTMLParser):
    """Collects every element with its attributes and its parents, and all text outside `span[leaf]`."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None], tuple[str, ...]]] = []
        self.loose_text = ""
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.elements.append((tag, attributes, tuple(self._open)))
        if tag not in VOID:
            self._open.append("leaf" if "leaf" in attributes else tag)

    def handle_endtag(self, tag: str) -> None:
        opened = self._open.pop()
        assert opened in (tag, "leaf"), f"{opened} closed by {tag}"

    def handle_data(self, data: str) -> None:
        if "leaf" not in self._open:
            self.loose_text += data


def parsed(html: str) -> Tags:
    tags = Tags()
    tags.feed(html)
    tags.close()
    return tags


@pytest.fixture(params=articles.names())
def article(request: pytest.FixtureRequest) -> Article:
    return articles.load(request.param)


def test_front_matter_keeps_the_limits_of_a_draft(article: Article) -> None:
    assert 1 <= len(article.front.title) <= 32
    assert 1 <= len(article.front.author) <= 16
    assert 1 <= len(article.front.digest) <= 128
    assert len(article.front.source_url.encode()) <= 1024
    assert article.front.cover in pictures.names()
    assert article.front.cover.startswith("cover-")


def test_content_keeps_the_limits_of_a_draft(article: Article) -> None:
    assert len(article.content_html) < 20_000
    assert len(article.content_html.encode()) < 1_000_000


def test_html_keeps_the_rules_of_article_structure(article: Article) -> None:
    tags = parsed(article.content_html)
    assert tags.loose_text.strip() == ""
    for tag, attributes, parents in tags.elements:
        style = attributes.get("style") or ""
        assert "leaf" not in parents or tag in INLINE
        assert set(attributes) <= {"style", "leaf", "nodeleaf", "src", "alt"}
        assert not re.search(r"font-family|!important|opacity|position|gradient|url\(|start|end:", style)
        assert not re.search(r"(?<![-\w])(width|height):\d+px", style)
        assert len(parents) <= 10


def test_html_needs_nothing_from_elsewhere(article: Article) -> None:
    tags = parsed(article.content_html)
    sources = [attributes["src"] for _, attributes, _ in tags.elements if "src" in attributes]
    assert all(source in {f"picture:{name}" for name in pictures.names()} for source in sources)
    assert not {tag for tag, _, _ in tags.elements} & {"a", "script", "style", "link", "iframe", "svg", "video"}
    assert "http" not in article.content_html


def test_every_picture_is_described(article: Article) -> None:
    images = [attributes for tag, attributes, _ in parsed(article.content_html).elements if tag == "img"]
    assert all(len(image["alt"] or "") >= 8 for image in images)


def test_rendering_twice_gives_the_same_html(article: Article) -> None:
    assert articles.load(article.key) == article


def test_placeholders_are_replaced_one_by_one(article: Article) -> None:
    sources = {name: f"picture:{i:064x}" for i, name in enumerate(article.pictures)}
    html = articles.with_pictures(article.content_html, sources)
    found = re.findall(r'src="([^"]+)"', html)
    assert list(dict.fromkeys(found)) == list(sources.values())


def test_a_picture_without_a_source_is_an_error() -> None:
    news = articles.load("news")
    with pytest.raises(KeyError):
        articles.with_pictures(news.content_html, {})


def test_the_news_is_of_real_length() -> None:
    news = articles.load("news")
    assert len(CHINESE.findall(news.markdown)) >= 1500
    assert len(news.pictures) >= 3
    tags = [tag for tag, _, _ in parsed(news.content_html).elements]
    assert tags.count("h2") >= 4
    assert tags.count("table") == 1
    assert "blockquote" in tags
    assert "ol" in tags


def test_the_figures_of_the_news_add_up() -> None:
    rows = [
        [int(cell.strip().replace(",", "")) for cell in line.split("|")[2:-1]]
        for line in articles.load("news").markdown.splitlines()
        if re.match(r"\| (望川|云溪|青渡|合计) \|", line)
    ]
    *cities, total = rows
    assert [sum(column) for column in zip(*cities, strict=True)] == total


def test_the_issue_has_two_articles_by_the_group() -> None:
    issue = matrix.load().issue
    assert len(issue.articles) == 2
    assert len({articles.load(key).front.cover for key in issue.articles}) == 2


def test_the_repost_carries_the_whole_news_behind_its_own_words() -> None:
    repost, news = articles.load("repost"), articles.load("news")
    introduction, separator, rest = repost.markdown.partition("\n\n---\n\n")
    assert separator
    assert rest == news.markdown
    assert len(CHINESE.findall(introduction)) >= 200
    assert repost.front.title != news.front.title
    assert repost.front.source_url == news.front.source_url
    assert set(repost.pictures) > set(news.pictures)


@pytest.mark.parametrize(
    "markdown",
    [
        "<b>raw</b>",
        "<div>raw</div>",
        "[a link](https://elsewhere.example/)",
        "![a picture](https://elsewhere.example/x.png)",
        "text with ![a picture](picture:news-street.jpg) in it",
        "`code`",
        "```\ncode\n```",
        "- one\n\n  two",
    ],
)
def test_markdown_that_does_not_fit_is_refused(markdown: str) -> None:
    with pytest.raises(UnfitMarkdown):
        articles.render(markdown, "#34586f")


def test_text_is_escaped() -> None:
    html = articles.render('1 < 2 & "three" \\<script>', "#34586f")
    assert "<script>" not in html
    assert "1 &lt; 2 &amp; &quot;three&quot;" in html
