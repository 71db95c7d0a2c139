/* The admin theme says "dark" with a class; our tokens listen to data-theme. One follows the other. */
{
  const root = document.documentElement;
  const follow = () => {
    root.dataset.theme = root.classList.contains("dark") ? "dark" : "light";
  };
  new MutationObserver(follow).observe(root, { attributes: true, attributeFilter: ["class"] });
  follow();
}
