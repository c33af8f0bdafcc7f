"""What can be asked of a shop: one plain typed function a file, the same for every model."""

from agent.tools.advice import advice
from agent.tools.ask import ask
from agent.tools.browse import browse
from agent.tools.buyers import buyers
from agent.tools.cart import cart
from agent.tools.compare import compare
from agent.tools.find import find
from agent.tools.goes_with import goes_with
from agent.tools.pages import pages
from agent.tools.product import product
from agent.tools.recommend import recommend
from agent.tools.remember import remember
from agent.tools.show import show

TOOLS = {
    function.__name__: function
    for function in (
        find,
        show,
        product,
        buyers,
        compare,
        pages,
        advice,
        goes_with,
        recommend,
        cart,
        remember,
        ask,
        browse,
    )
}
"""Every tool by its name."""
