"""What is told."""

from news.models.articles import Article, ArticleMove, Attachment, Bulletin, Publication, Section

__all__ = ["Article", "ArticleMove", "Attachment", "Bulletin", "Publication", "Section"]
